"""The thin edge: parse, find the caller, call one use case, render. No rule lives here."""
