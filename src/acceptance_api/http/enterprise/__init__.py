"""What enterprise IT sees."""

from fastapi import APIRouter

router = APIRouter(prefix="/enterprise/v1")
