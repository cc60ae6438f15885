"""What a service is told from outside: environment variables that begin with SHOP_."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Defaults are for a developer's own machine."""

    model_config = SettingsConfigDict(env_prefix="SHOP_")

    port: int = 8000
    country: str = "DE"
    database_url: str = "sqlite://"
    report_bucket: str | None = None
