"""The back end of a courier counter in China: identity, inspection, screening, and the decision they support."""

__version__ = "0.1.0"
