"""`.env.example` from the settings: `python -m tests.support.environment` writes it."""

from enum import Enum
from pathlib import Path

from pydantic import SecretStr

from acceptance_api.kernel.settings import Settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
_HEAD = """\
# Every setting with its default. Copy this file to .env, or set what you need in the environment.
"""


def rendered() -> str:
    """The text of `.env.example`: each setting's description, then its name and default as a comment."""
    prefix = Settings.model_config["env_prefix"]
    return _HEAD + "".join(
        f"\n# {field.description}\n# {prefix}{name.upper()}={_written(field.default)}\n"
        for name, field in Settings.model_fields.items()
    )


def _written(default: object) -> str:
    """A default as it is written in the environment."""
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    return str(default.value if isinstance(default, Enum) else default)


if __name__ == "__main__":
    EXAMPLE.write_text(rendered(), encoding="utf-8")
