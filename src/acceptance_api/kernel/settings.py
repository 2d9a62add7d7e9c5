"""Settings, read from the environment (`ACCEPTANCE_*`) and `.env`; `.env.example` lists each one."""

from enum import StrEnum
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class AuthorityKind(StrEnum):
    """Which identity authority is asked."""

    STRUCTURAL = "structural"
    ALIBABA = "alibaba"
    TENCENT = "tencent"


class LogFormat(StrEnum):
    """How log lines are written."""

    JSON = "json"
    CONSOLE = "console"


class Settings(BaseSettings):
    """Everything an operator can choose. Units stand last in each name."""

    model_config = SettingsConfigDict(env_prefix="ACCEPTANCE_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field(
        "sqlite+aiosqlite:///var/acceptance.db", description="SQLite (aiosqlite) or PostgreSQL (asyncpg) address."
    )
    database_pool_size: int = Field(8, ge=1, le=100, description="Connections each process keeps to PostgreSQL.")
    unsafe_database: bool = Field(
        default=False, description="Serve a database that may lose what was answered: only for tests."
    )
    commit_together_max: int = Field(
        128, ge=1, le=1_000, description="How many requests at most share one transaction; 1 gives each its own."
    )
    commit_waiting_max: int = Field(
        512,
        ge=1,
        le=100_000,
        description="How many requests may wait for a transaction; one more is told to come back.",
    )
    key_directory: Path = Field(
        Path("var/keys"), description="The file key store; keep it off the database's disk and out of its backups."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on.")
    workers: int = Field(1, ge=1, le=64, description="Processes that serve; SQLite is served best by one.")
    issuer: str = Field("acceptance-api", description="The `iss` of access tokens.")
    token_lifetime_s: int = Field(600, ge=30, le=3600, description="How long an access token lives.")
    revocation_lag_s: float = Field(
        2.0, ge=0, le=30, description="What was revoked, retired or closed is refused at the latest after this time."
    )
    secret_overlap_s: int = Field(
        86_400, ge=0, le=2_592_000, description="How long the old secret still works after a rotation."
    )
    verification_lifetime_s: int = Field(
        7_200, ge=60, le=86_400, description="How long one identity verification serves the parcels of a visit."
    )
    authority: AuthorityKind = Field(
        AuthorityKind.STRUCTURAL, description="Identity authority: structural (no network), alibaba or tencent."
    )
    authority_url: str = Field("", description="Base address of the authority; empty means the vendor's own.")
    authority_key_id: str = Field("", description="AccessKey id (Alibaba) or SecretId (Tencent).")
    authority_secret: SecretStr = Field(SecretStr(""), description="AccessKey secret or SecretKey.")
    authority_timeout_s: float = Field(3.0, gt=0, le=30, description="Time limit of one question to the authority.")
    authority_daily_calls_max: int = Field(
        50_000, ge=0, description="Spending cap: questions per legal day and process; then QUOTA."
    )
    body_bytes_max: int = Field(1_048_576, ge=1_024, description="Largest JSON body.")
    evidence_bytes_max: int = Field(8_388_608, ge=1_024, description="Largest photo.")
    batch_bytes_max: int = Field(
        8_388_608, ge=1_024, description="Largest batch of acceptances, inflated if it was compressed."
    )
    offline_days_max: int = Field(
        30, ge=1, le=365, description="How long ago an acceptance that arrives late may have happened."
    )
    json_depth_max: int = Field(24, ge=4, le=100, description="Deepest nesting of a JSON body.")
    import_bytes_max: int = Field(268_435_456, ge=1_024, description="Largest file of an import, unpacked.")
    import_lines_max: int = Field(1_000_000, ge=1, description="Most lines of an import.")
    worker_poll_s: float = Field(2.0, gt=0, le=60, description="How often an idle worker looks for work.")
    worker_lease_s: float = Field(
        60.0, ge=1, le=3_600, description="Another worker goes on with what a worker left for so long."
    )
    idempotency_days: int = Field(30, ge=1, le=365, description="How long an answer can be replayed by its key.")
    log_level: str = Field("info", description="debug, info, warning or error.")
    log_format: LogFormat = Field(LogFormat.JSON, description="json or console.")
