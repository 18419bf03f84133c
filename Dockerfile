# photoplay in a container: `docker build --target cpu -t photoplay .`, or `--target gpu`
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/photoplay
COPY pyproject.toml constraints.txt README.md LICENSE NOTICE ./
COPY bot ./bot
COPY config ./config
COPY generation ./generation
RUN /opt/photoplay/bin/pip install -c constraints.txt .

# torch's own packages bring CUDA's libraries; the driver comes from the machine.
FROM build AS build-gpu
RUN /opt/photoplay/bin/pip install -c constraints.txt '.[ltx]'

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

FROM cpu AS gpu
USER root
# The compiler is for the kernels which torch makes for the card at the first start.
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o photoplay -g photoplay -m 0755 /weights
COPY --from=build-gpu /opt/photoplay /opt/photoplay
COPY docker/entrypoint.py /opt/photoplay/entrypoint.py
ENV HF_HOME=/weights \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER photoplay
VOLUME /weights
# A model takes its time to load; until then the page is there and requests wait in line.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
