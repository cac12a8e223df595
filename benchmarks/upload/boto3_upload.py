"""Upload a file or a folder with boto3's upload_file, sign a URL for curl, or create a bucket.

python boto3_upload.py ENDPOINT BUCKET PATH
python boto3_upload.py ENDPOINT BUCKET --sign KEY
python boto3_upload.py ENDPOINT BUCKET --create
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
from botocore.config import Config

endpoint, bucket, target = sys.argv[1:4]
client = boto3.client("s3", endpoint_url=endpoint, config=Config(max_pool_connections=16))
if target == "--create":
    client.create_bucket(Bucket=bucket)
elif target == "--sign":
    parameters = {"Bucket": bucket, "Key": f"curl/{sys.argv[4]}"}
    print(client.generate_presigned_url("put_object", Params=parameters))
elif Path(target).is_dir():
    with ThreadPoolExecutor(10) as threads:
        list(
            threads.map(
                lambda path: client.upload_file(str(path), bucket, f"boto3/{path.name}"),
                Path(target).iterdir(),
            )
        )
else:
    client.upload_file(target, bucket, f"boto3/{Path(target).name}")
