"""AWS list prices in region us-east-1, in US dollars, for `benchmarks/cost.py`.

UNVERIFIED: written from memory of AWS's price pages, not checked against them. First tiers only; no
free tier and no discounts.
"""

from __future__ import annotations

from dataclasses import dataclass

AS_OF = "2025-06, unverified"


@dataclass(frozen=True, slots=True)
class Price:
    """The price in US dollars of one unit."""

    usd: float
    unit: str
    source: str


_MILLION = 1_000_000

S3_WRITE = Price(5.00 / _MILLION, "PUT, POST or LIST request", "Amazon S3 pricing")
S3_READ = Price(0.40 / _MILLION, "GET or HEAD request", "Amazon S3 pricing")
S3_GB_MONTH = Price(0.023, "GB and month in S3 Standard", "Amazon S3 pricing")
HTTP_API = Price(1.00 / _MILLION, "request", "API Gateway pricing, HTTP APIs")
CLOUDFRONT = Price(1.00 / _MILLION, "HTTPS request", "CloudFront pricing")
LAMBDA_REQUEST = Price(0.20 / _MILLION, "invocation", "Lambda pricing")
LAMBDA_GB_SECOND = Price(0.0000133334, "GB-second, arm64", "Lambda pricing")
SQS = Price(0.40 / _MILLION, "request", "Amazon SQS pricing, standard queues")
LOGS_GB = Price(0.50, "GB of logs taken in", "CloudWatch pricing")
METRIC = Price(0.30, "custom metric and month", "CloudWatch pricing")
ALARM = Price(0.10, "alarm and month", "CloudWatch pricing")
DASHBOARD = Price(3.00, "dashboard and month", "CloudWatch pricing")
SECRET_AND_KEY = Price(1.40, "secret and KMS key and month", "Secrets Manager and KMS pricing")
ALB_HOUR = Price(0.0225, "load balancer and hour", "Elastic Load Balancing pricing")
ALB_GB = Price(0.008, "GB through the load balancer (one LCU)", "Elastic Load Balancing pricing")
INSTANCE_HOUR = Price(0.0725, "c7g.large and hour", "EC2 on-demand pricing")
NAT_GB = Price(0.045, "GB through a NAT gateway", "Amazon VPC pricing")

PRICES = {
    "S3 write": S3_WRITE,
    "S3 read": S3_READ,
    "S3 storage": S3_GB_MONTH,
    "HTTP API": HTTP_API,
    "CloudFront": CLOUDFRONT,
    "Lambda request": LAMBDA_REQUEST,
    "Lambda duration": LAMBDA_GB_SECOND,
    "SQS": SQS,
    "logs": LOGS_GB,
    "metric": METRIC,
    "alarm": ALARM,
    "dashboard": DASHBOARD,
    "secret and key": SECRET_AND_KEY,
    "load balancer": ALB_HOUR,
    "load balancer, bytes": ALB_GB,
    "instance": INSTANCE_HOUR,
    "NAT gateway, bytes": NAT_GB,
}
