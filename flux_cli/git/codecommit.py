"""User and password for AWS CodeCommit over HTTPS, made of IAM credentials (AWS Signature, version 4)."""

import hashlib
import hmac
import time
from collections.abc import Mapping
from urllib.parse import SplitResult

from flux_cli.core.errors import FluxError


def credentials(parts: SplitResult, environ: Mapping[str, str], now: float) -> tuple[str, str]:
    """(user, password), good for some minutes. ``now``: seconds since the epoch. Raises FluxError where there is none."""
    key, secret = environ.get("AWS_ACCESS_KEY_ID", ""), environ.get("AWS_SECRET_ACCESS_KEY", "")
    if not key or not secret:
        raise FluxError(
            "failed to get AWS CodeCommit IAM git credentials: no AWS credentials in the environment",
            hint='Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: eval "$(aws configure export-credentials --format env)"',
        )
    token = environ.get("AWS_SESSION_TOKEN", "")
    host = parts.hostname or ""
    region = host.split(".")[1] if host.count(".") > 1 else "us-east-1"
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime(now))
    scope = f"{stamp[:8]}/{region}/codecommit/aws4_request"
    request = f"GIT\n{parts.path}\n\nhost:{host}\n\nhost\n"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signing = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        signing = hmac.new(signing, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(signing, text.encode(), hashlib.sha256).hexdigest()
    return f"{key}%{token}" if token else key, f"{stamp}Z{signature}"
