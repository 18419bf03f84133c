# photoplay in a container: `docker build --target cpu -t photoplay .`
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/photoplay
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot ./bot
COPY config ./config
COPY generation ./generation
RUN /opt/photoplay/bin/pip install -c constraints.txt .

FROM python:3.11-slim-bookworm AS cpu
LABEL org.opencontainers.image.title="photoplay" \
      org.opencontainers.image.description="Pictures brought to life: one durable, fair queue." \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --uid 10001 --home-dir /data --shell /usr/sbin/nologin photoplay \
    && install -d -o photoplay -g photoplay -m 0700 /data
COPY --from=build /opt/photoplay /opt/photoplay
COPY docker/entrypoint.py /opt/photoplay/entrypoint.py
ENV PATH=/opt/photoplay/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PHOTOPLAY_DATA_DIR=/data \
    PHOTOPLAY_WEB__HOST=0.0.0.0
USER photoplay
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["python", "/opt/photoplay/entrypoint.py"]
CMD ["photoplay", "run"]
