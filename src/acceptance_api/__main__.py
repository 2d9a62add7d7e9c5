"""`python -m acceptance_api` is the command `acceptance-api`."""

from acceptance_api.cli import app

if __name__ == "__main__":
    app()
