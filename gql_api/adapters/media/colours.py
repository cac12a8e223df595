"""Colours of images: modes that can be resized, and sRGB."""

from __future__ import annotations

import io

from PIL import Image, ImageCms

# Profiles for printing have up to about 2 MB.
_PROFILE_MAX_BYTES = 8 * 1024**2


def resizable(image: Image.Image) -> Image.Image:
    """Return the image in a mode that can be resized without mixing palette entries."""
    mode = image.mode
    if mode.startswith("I") or mode == "F":
        return _eight_bits(image)
    if mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert("L") if mode == "1" else image


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return a greyscale image of more bits with eight, its range from black to white.

    Sixteen bits have a fixed range. Integers of 32 bits and fractions do not, so the darkest and
    the lightest value define it.
    """
    wide = image.convert("F")
    low, high = (0, 65535) if image.mode.startswith("I;16") else wide.getextrema()
    if not isinstance(low, (int, float)) or not isinstance(high, (int, float)) or high <= low:
        return Image.new("L", image.size)
    scale = 255 / (high - low)
    return wide.point(lambda value: value * scale - low * scale).convert("L")


def in_srgb(image: Image.Image) -> Image.Image:
    """Return the image in RGB or RGBA, converted from its ICC profile to sRGB."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    if isinstance(profile, bytes) and 0 < len(profile) <= _PROFILE_MAX_BYTES:
        try:
            converted = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode=mode,
            )
        # A damaged profile, or one for another mode than that of the image: its colours are
        # shown as viewers show them, without a profile.
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None
        if converted is not None:
            return converted
    return image.convert(mode)
