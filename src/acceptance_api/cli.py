"""Operator commands."""
import typer
app = typer.Typer()
@app.command()
def serve() -> None:
    """x"""
@app.command()
def demo() -> None:
    """x"""
