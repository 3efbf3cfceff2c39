"""Files in any store that speaks S3, through boto3 and only what such stores share; the rest is asked for and, where a
store lacks it, done without: then `lacks` names it and the rows of the database still hold.

An object is `<folder>/<tenant>/<name>`: the folder first, so that lifecycle rules can tell what is passing from what is
kept, and the tenant also in its metadata, compared again at each reading. Its SHA-256 travels as signed metadata and
is computed again by us when the content is read: no store that we know checks it. boto3 is imported when first needed
(it takes half a second) and works in threads of its own.
"""

import asyncio
import contextlib
import hashlib
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import IO, Any, Literal, TypeVar
from urllib.parse import quote

from acogida.kernel.clock import Clock, SystemClock
from acogida.kernel.errors import NotFound, Problem, TooLarge, Unavailable
from acogida.kernel.ports import DirectUpload, FileRules, StoredFile, StoredVersion
from acogida.kernel.storage import Damaged, Retained, StoreFull, folder_of, place_of, stem_of
from acogida.kernel.tenancy import TenantId

T = TypeVar("T")
_PIECE = 1024 * 1024
_PART = 16 * 1024 * 1024
"""Bytes of one part of a large object; the protocol asks for 5 MB at least and 10,000 parts at most."""
_ABSENT = {"NoSuchKey", "NoSuchVersion", "NoSuchUpload", "404", "NotFound"}
_FULL = {"QuotaExceeded", "InsufficientStorage", "StorageFull", "EntityTooLarge"}
_UNKNOWN = {
    "NotImplemented",
    "MethodNotAllowed",
    "InvalidRequest",
    "ObjectLockConfigurationNotFoundError",
    "InvalidBucketState",
}
_PASSING_DAYS = 2


@dataclass(frozen=True, slots=True)
class S3Place:
    """Where the store is and how it is used."""

    endpoint: str
    bucket: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    region: str = "us-east-1"
    public_endpoint: str = ""
    """Address of the store as browsers reach it; empty where they can't and everything passes through us."""
    encryption: str = ""
    """Nothing, `AES256`, or `aws:kms` followed by a colon and the name of the key."""
    lock: Literal["governance", "compliance", "none"] = "governance"
    """How acts are retained: governance lets a special right of the store lift it, compliance nobody."""


class S3Files:
    """One bucket for all tenants, each under its own part of every folder."""

    def __init__(
        self,
        place: S3Place,
        *,
        rules: FileRules | None = None,
        clock: Clock | None = None,
        seconds: float = 20,
    ) -> None:
        self._place = place
        self._rules = rules or FileRules()
        self._clock = clock or SystemClock()
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(16, thread_name_prefix="s3")
        self._opening = threading.Lock()
        self._client: Any = None
        self._public: Any = None
        self.lacks: set[str] = set()
        """What this store can't do: versions, lifecycle, lock."""

    @property
    def rules(self) -> FileRules:
        return self._rules

    async def close(self) -> None:
        """This method will let go of the connections."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    # Keeping

    async def put(
        self,
        tenant: TenantId,
        key: str,
        content: AsyncIterator[bytes],
        *,
        limit: int,
        sha256: str = "",
        media_type: str = "application/octet-stream",
    ) -> StoredFile:
        name = _object(tenant, key)
        with tempfile.SpooledTemporaryFile(max_size=_PART) as spool:
            size, digest = await _gather(spool, content, limit)
            if sha256 and sha256 != digest:
                raise Damaged
            about = {
                "ContentType": media_type,
                "Metadata": {"sha256": digest, "tenant": str(tenant)},
                **self._encryption(),
            }
            version = await self._run(lambda: self._send(name, spool, size, about))
        return StoredFile(size, digest, version)

    def _send(self, name: str, spool: IO[bytes], size: int, about: dict[str, Any]) -> str:
        client = self._open()
        if size <= _PART:
            spool.seek(0)
            sent = client.put_object(Bucket=self._place.bucket, Key=name, Body=spool.read(), **about)
            return sent.get("VersionId", "")
        upload = client.create_multipart_upload(Bucket=self._place.bucket, Key=name, **about)["UploadId"]
        at = {"Bucket": self._place.bucket, "Key": name, "UploadId": upload}
        try:
            parts = []
            for number, start in enumerate(range(0, size, _PART), 1):
                spool.seek(start)
                part = client.upload_part(**at, PartNumber=number, Body=spool.read(_PART))
                parts.append({"PartNumber": number, "ETag": part["ETag"]})
            done = client.complete_multipart_upload(**at, MultipartUpload={"Parts": parts})
        except BaseException:
            client.abort_multipart_upload(**at)
            raise
        return done.get("VersionId", "")

    def _encryption(self) -> dict[str, str]:
        kind, _, key = self._place.encryption.partition(":kms:")
        if not self._place.encryption:
            return {}
        return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key} if key else {"ServerSideEncryption": kind}

    # Reading

    async def get(self, tenant: TenantId, key: str, *, version: str = "") -> AsyncIterator[bytes]:
        asked = {"Key": _object(tenant, key), **({"VersionId": version} if version else {})}
        answer = await self._run(lambda: self._open().get_object(Bucket=self._place.bucket, **asked))
        body = answer["Body"]
        try:
            if answer.get("Metadata", {}).get("tenant") != str(tenant):
                raise NotFound
            while piece := await self._run(lambda: body.read(_PIECE)):
                yield piece
        finally:
            body.close()

    async def check(self, tenant: TenantId, key: str) -> StoredFile:
        digest, size = hashlib.sha256(), 0
        async for piece in self.get(tenant, key):
            digest.update(piece)
            size += len(piece)
        return StoredFile(size, digest.hexdigest())

    async def versions(self, tenant: TenantId, key: str) -> Sequence[StoredVersion]:
        name = _object(tenant, key)
        found = await self._run(lambda: [one for one in self._every(name) if one["Key"] == name])
        return [
            StoredVersion(one["VersionId"], one["Size"], one["LastModified"], one["IsLatest"])
            for one in found
            if "Size" in one
        ]

    def _every(self, prefix: str) -> Iterator[dict[str, Any]]:
        """Versions, and the marks of what was deleted, of every object that begins so; newest first for each."""
        pages = self._open().get_paginator("list_object_versions").paginate(Bucket=self._place.bucket, Prefix=prefix)
        for page in pages:
            yield from page.get("Versions", ())
            yield from page.get("DeleteMarkers", ())

    # Erasing, and refusing to

    async def erase(self, tenant: TenantId, key: str) -> None:
        await self._run(lambda: self._erase(_object(tenant, key)))

    def _erase(self, name: str) -> None:
        found = [one for one in self._every(name) if one["Key"] == name or one["Key"].startswith(f"{name}.")]
        if any(self._is_kept(one) for one in found if "Size" in one):
            raise Retained
        for one in found:
            self._open().delete_object(Bucket=self._place.bucket, Key=one["Key"], VersionId=one["VersionId"])

    def _is_kept(self, version: dict[str, Any]) -> bool:
        """Asked before the first deletion: what can't be erased whole is not erased at all."""
        if "lock" in self.lacks:
            return False
        head = self._open().head_object(Bucket=self._place.bucket, Key=version["Key"], VersionId=version["VersionId"])
        until = head.get("ObjectLockRetainUntilDate")
        return head.get("ObjectLockLegalHoldStatus") == "ON" or bool(until and until > self._clock.now())

    async def retain(self, tenant: TenantId, key: str, *, until: datetime) -> None:
        name = _object(tenant, key)
        if self._place.lock == "none":
            return
        retention = {"Mode": self._place.lock.upper(), "RetainUntilDate": until.astimezone(UTC)}

        def run() -> None:
            head = self._open().head_object(Bucket=self._place.bucket, Key=name)
            kept = head.get("ObjectLockRetainUntilDate")
            if not kept or kept < until:
                self._open().put_object_retention(Bucket=self._place.bucket, Key=name, Retention=retention)

        await self._run(lambda: self._where_known("lock", run))

    async def hold(self, tenant: TenantId, key: str, on: bool) -> None:
        name = _object(tenant, key)
        status = {"Status": "ON" if on else "OFF"}

        def run() -> None:
            self._open().head_object(Bucket=self._place.bucket, Key=name)
            self._open().put_object_legal_hold(Bucket=self._place.bucket, Key=name, LegalHold=status)

        await self._run(lambda: self._where_known("lock", run))

    async def sweep(self, tenant: TenantId, folder: str, *, before: datetime, keep: Collection[str]) -> int:
        whose, folder = folder_of(tenant, folder)
        kept = {stem_of(key.removeprefix(f"{folder}/")) for key in keep}
        prefix = f"{folder}/{whose}/"

        def run() -> int:
            newest: dict[str, datetime] = {}
            for one in self._every(prefix):
                stem = stem_of(one["Key"].removeprefix(prefix))
                newest[stem] = max(newest.get(stem, one["LastModified"]), one["LastModified"])
            gone = 0
            for stem in (stem for stem, at in newest.items() if at < before and stem not in kept):
                with contextlib.suppress(Retained):
                    self._erase(f"{prefix}{stem}")
                    gone += 1
            return gone + self._abort(prefix, before)

        return await self._run(run)

    def _abort(self, prefix: str, before: datetime) -> int:
        """Let go of large uploads that nobody finished: stores keep their parts, unseen, for ever."""
        gone = 0
        for page in (
            self._open().get_paginator("list_multipart_uploads").paginate(Bucket=self._place.bucket, Prefix=prefix)
        ):
            for one in page.get("Uploads", ()):
                if one["Initiated"] < before:
                    self._open().abort_multipart_upload(
                        Bucket=self._place.bucket, Key=one["Key"], UploadId=one["UploadId"]
                    )
                    gone += 1
        return gone

    # Browsers, straight to the store

    async def ticket(
        self, tenant: TenantId, key: str, *, most: int, media_type: str, seconds: int = 300
    ) -> DirectUpload | None:
        name = _object(tenant, key)
        if not self._place.public_endpoint:
            return None
        fields = {"Content-Type": media_type, "x-amz-meta-tenant": str(tenant)}
        conditions = [*({name: value} for name, value in fields.items()), ["content-length-range", 1, most]]

        def run() -> dict[str, Any]:
            return self._open_public().generate_presigned_post(
                self._place.bucket, name, Fields=fields, Conditions=conditions, ExpiresIn=seconds
            )

        made = await self._run(run)
        return DirectUpload(made["url"], made["fields"], datetime.now(UTC) + timedelta(seconds=seconds))

    async def link(self, tenant: TenantId, key: str, *, name: str, media_type: str, seconds: int) -> str | None:
        asked = {
            "Bucket": self._place.bucket,
            "Key": _object(tenant, key),
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "ResponseContentType": media_type,
            "ResponseCacheControl": "private, no-store",
        }
        if not self._place.public_endpoint:
            return None
        return await self._run(
            lambda: self._open_public().generate_presigned_url("get_object", Params=asked, ExpiresIn=seconds)
        )

    # The store itself

    async def healthy(self) -> bool:
        try:
            await self._run(lambda: self._open().head_bucket(Bucket=self._place.bucket))
        except Problem:
            return False
        return True

    def prepare(self, *, origin: str = "") -> set[str]:
        """This method will make the bucket if it is not there and set it up: versions, lock, lifecycle, and which site's
        pages may send to it. Doing it twice changes nothing. Gives what the store lacks. It waits: for the terminal."""
        client, bucket = self._open(), {"Bucket": self._place.bucket}
        try:
            client.head_bucket(**bucket)
        except client.exceptions.ClientError:
            self._where_known("lock", lambda: client.create_bucket(**bucket, ObjectLockEnabledForBucket=True))
            if "lock" in self.lacks:
                client.create_bucket(**bucket)
        self._where_known(
            "versions",
            lambda: client.put_bucket_versioning(**bucket, VersioningConfiguration={"Status": "Enabled"}),
        )
        rules = {
            "Rules": [
                {
                    "ID": "unfinished",
                    "Status": "Enabled",
                    "Filter": {"Prefix": ""},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": _PASSING_DAYS},
                },
                {
                    "ID": "passing",
                    "Status": "Enabled",
                    "Filter": {"Prefix": "incoming/"},
                    "Expiration": {"Days": _PASSING_DAYS},
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
                },
            ]
        }
        self._where_known(
            "lifecycle",
            lambda: client.put_bucket_lifecycle_configuration(**bucket, LifecycleConfiguration=rules),
        )
        if origin and self._place.public_endpoint:
            allowed = {
                "CORSRules": [
                    {
                        "AllowedOrigins": [origin],
                        "AllowedMethods": ["POST"],
                        "AllowedHeaders": ["*"],
                        "MaxAgeSeconds": 600,
                    }
                ]
            }
            self._where_known("origins", lambda: client.put_bucket_cors(**bucket, CORSConfiguration=allowed))
        return self.lacks

    def _where_known(self, part: str, run: Callable[[], object]) -> None:
        from botocore.exceptions import ClientError

        if part in self.lacks:
            return
        try:
            run()
        except ClientError as error:
            if error.response["Error"]["Code"] not in _UNKNOWN:
                raise
            self.lacks.add(part)

    def _open(self) -> Any:
        with self._opening:
            if self._client is None:
                self._client = self._connect(self._place.endpoint)
            return self._client

    def _open_public(self) -> Any:
        """It signs addresses and speaks to nobody: the signature covers the name of the host."""
        with self._opening:
            if self._public is None:
                self._public = self._connect(self._place.public_endpoint)
            return self._public

    def _connect(self, endpoint: str) -> Any:
        import boto3
        from botocore.config import Config

        # A session of its own reads no file of the machine; SHA-256 of each body signed, also over https.
        return boto3.session.Session(region_name=self._place.region).client(
            "s3",
            endpoint_url=endpoint,
            aws_access_key_id=self._place.key,
            aws_secret_access_key=self._place.secret,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path", "payload_signing_enabled": True},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                connect_timeout=min(3.0, self._seconds),
                read_timeout=self._seconds,
                retries={"total_max_attempts": 2, "mode": "standard"},
                max_pool_connections=32,
            ),
        )

    async def _run(self, call: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, call)
        except Problem:
            raise
        except Exception as error:
            raise _problem(error) from error


def _object(tenant: TenantId, key: str) -> str:
    whose, folder, name = place_of(tenant, key)
    return f"{folder}/{whose}/{name}"


async def _gather(spool: IO[bytes], content: AsyncIterator[bytes], limit: int) -> tuple[int, str]:
    """Its hash is signed with the request, so the content is gathered first: in memory, or on this disk when large."""
    digest, size = hashlib.sha256(), 0
    async for piece in content:
        size += len(piece)
        if size > limit:
            raise TooLarge(f"El archivo pesa más de {limit // 1_000_000} MB. Suba una versión más liviana.")
        digest.update(piece)
        await asyncio.to_thread(spool.write, piece)
    return size, digest.hexdigest()


def _problem(error: Exception) -> Exception:
    """What a failure of the store means for the person."""
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if code in _ABSENT or status == 404:
            return NotFound()
        if code in _FULL or status == 507:
            return StoreFull()
        if code in ("XAmzContentSHA256Mismatch", "BadDigest"):
            return Damaged()
        return Unavailable()
    return Unavailable() if isinstance(error, BotoCoreError | HTTPClientError | OSError) else error
