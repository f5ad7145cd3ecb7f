"""Servers that are not ours: S3 (moto), Azure Blob Storage (azurite), Google Cloud Storage (gcp-storage-emulator). Each is read with the library of
its maker."""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request

import boto3
from azure.core.exceptions import ResourceExistsError
from azure.storage.blob import ContainerClient
from botocore.config import Config
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

# azurite's own account, which its documentation names.
ACCOUNT = "devstoreaccount1"
ACCOUNT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
BUCKET = "acme"
# Names are signed, and written in another way in addresses.
ODD = "all users (1)+ä=%20.ndjson"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def running(command, port, log):
    """A server that listens, until it is not needed any more."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while True:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{command[0]} does not listen: {log.read_text()}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def program(name):
    return str(pathlib.Path(sys.executable).parent / name)


class S3:
    """moto, which knows users and their rights once it is told to look at them."""

    scheme, odd = "s3", ODD
    # The server may end requests: a retry of the reader would hide that.
    once = Config(retries={"max_attempts": 1})

    def __init__(self, url):
        self.url = url
        self.client = self.service("s3", "AKIAEXAMPLE", "secret")
        self.client.create_bucket(Bucket=BUCKET)

    def service(self, name, key, secret):
        return boto3.client(
            name, endpoint_url=self.url, region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key=secret, config=self.once
        )

    def variables(self, url=None, key="AKIAEXAMPLE", secret="CANARYsecret0123456789"):
        return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": url or self.url}

    def objects(self, prefix):
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        names = [one["Key"] for page in pages for one in page.get("Contents", [])]
        return {name: self.client.get_object(Bucket=BUCKET, Key=name)["Body"].read() for name in names}

    def is_in_parts(self, name):
        return "-" in self.client.head_object(Bucket=BUCKET, Key=name)["ETag"]

    def unfinished(self):
        return len(self.client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []))

    def person(self, name, policy=None):
        """The key of a new user."""
        iam = self.service("iam", "AKIAEXAMPLE", "secret")
        iam.create_user(UserName=name)
        if policy:
            iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy)
        made = iam.create_access_key(UserName=name)["AccessKey"]
        return made["AccessKeyId"], made["SecretAccessKey"]

    def look_at_rights(self, is_on):
        count = b"0" if is_on else b"1000000"
        headers = {"Content-Type": "text/plain"}
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/moto-api/reset-auth", count, headers, method="POST"))


class S3ForGoogle(S3):
    """The XML interface of Google's store is that of S3, multipart uploads included, which its emulator lacks."""

    scheme = "gs"

    def variables(self, url=None):
        return {"GOOGLE_BASE_URL": url or self.url, "GOOGLE_BEARER_TOKEN": "CANARYtoken0123456789"}


class Azure:
    scheme, odd = "az", ODD

    def __init__(self, url):
        self.url = f"{url}/{ACCOUNT}"
        self.client = ContainerClient(self.url, BUCKET, credential=ACCOUNT_KEY)
        with contextlib.suppress(ResourceExistsError):
            self.client.create_container()

    def variables(self, url=None, key=ACCOUNT_KEY):
        endpoint = f"{url}/{ACCOUNT}" if url else self.url
        return {"AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT, "AZURE_STORAGE_ACCOUNT_KEY": key, "AZURE_STORAGE_ENDPOINT": endpoint}

    def objects(self, prefix):
        names = list(self.client.list_blob_names(name_starts_with=prefix))
        return {name: self.client.download_blob(name).readall() for name in names}

    def is_in_parts(self, name):
        committed, _ = self.client.get_blob_client(name).get_block_list("committed")
        return len(committed) > 1

    def unfinished(self):
        """Azure forgets blocks that belong to nothing by itself."""
        return 0


class Google:
    scheme = "gs"
    # The emulator decodes a name twice.
    odd = ODD.replace("%20", "")

    def __init__(self, url, front):
        os.environ["STORAGE_EMULATOR_HOST"] = url
        self.front = front
        self.client = storage.Client(project="acme", credentials=AnonymousCredentials())
        self.client.create_bucket(BUCKET)

    def variables(self, url=None):
        return {"GOOGLE_BASE_URL": url or self.front, "GOOGLE_BEARER_TOKEN": "CANARYtoken0123456789"}

    def objects(self, prefix):
        return {blob.name: blob.download_as_bytes() for blob in self.client.list_blobs(BUCKET, prefix=prefix)}
