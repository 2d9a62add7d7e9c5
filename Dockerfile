# Build: docker build -t acceptance-api .
# Run:   docker run -p 8080:8080 -v acceptance-data:/var/lib/acceptance/data -v acceptance-keys:/var/lib/acceptance/keys acceptance-api
FROM python:3.12.12-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /srv/acceptance
WORKDIR /build
COPY requirements/run.txt requirements/run.txt
RUN /srv/acceptance/bin/python -m pip install --require-hashes --no-deps -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY migrations migrations
RUN /srv/acceptance/bin/python -m pip install --no-deps --no-build-isolation .

FROM python:3.12.12-slim-bookworm

RUN groupadd --system --gid 10001 acceptance \
    && useradd --system --uid 10001 --gid acceptance --no-create-home --shell /usr/sbin/nologin acceptance \
    && install -d -o acceptance -g acceptance -m 0700 /var/lib/acceptance/data /var/lib/acceptance/keys
COPY --from=build /srv/acceptance /srv/acceptance
ENV PATH="/srv/acceptance/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    ACCEPTANCE_HOST=0.0.0.0 \
    ACCEPTANCE_PORT=8080 \
    ACCEPTANCE_DATABASE_URL=sqlite+aiosqlite:////var/lib/acceptance/data/acceptance.db \
    ACCEPTANCE_KEY_DIRECTORY=/var/lib/acceptance/keys
WORKDIR /var/lib/acceptance
USER acceptance
# Keys and data are two volumes on purpose: a copy of one is useless without the other.
VOLUME ["/var/lib/acceptance/data", "/var/lib/acceptance/keys"]
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 CMD ["python", "-c", \
    "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['ACCEPTANCE_PORT'] + '/healthz', timeout=2)"]
ENTRYPOINT ["acceptance-api"]
CMD ["serve"]
