# Bot, worker and watcher in one image; the argument says which: `docker run … worker --health 0.0.0.0:8080`.
#   docker build --build-arg PYTHON_DIGEST=sha256:… --build-arg REVISION=$(git rev-parse HEAD) --tag quarterdeck .
# tests/image/ runs the build stage's own commands in a clean virtual environment.

# Of docker.io/library/python:3.11-slim; without a digest the build fails.
ARG PYTHON_DIGEST

FROM python:3.11-slim@${PYTHON_DIGEST} AS build
WORKDIR /src
RUN ["python", "-m", "venv", "--without-pip", "/opt/quarterdeck"]
COPY requirements/runtime.txt requirements/build.txt requirements/
RUN ["python", "-m", "pip", "--python", "/opt/quarterdeck/bin/python", "install", "--require-hashes", "--only-binary=:all:", "-r", "requirements/runtime.txt"]
RUN ["python", "-m", "pip", "install", "--require-hashes", "--only-binary=:all:", "-r", "requirements/build.txt"]
COPY pyproject.toml README.md LICENSE ./
COPY bot bot/
COPY commands commands/
COPY workers workers/
COPY quarterdeck quarterdeck/
RUN ["python", "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", "/opt/wheels", "."]
RUN ["python", "-m", "pip", "--python", "/opt/quarterdeck/bin/python", "install", "--no-deps", "--no-index", "--find-links", "/opt/wheels", "quarterdeck"]

FROM python:3.11-slim@${PYTHON_DIGEST}
ARG REVISION=""
LABEL org.opencontainers.image.title="Quarterdeck" \
      org.opencontainers.image.description="A Slack bot from which a team runs its Kubernetes clusters" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/quarterdeck /opt/quarterdeck
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 65532:65532
ENTRYPOINT ["/opt/quarterdeck/bin/quarterdeck"]
CMD ["--help"]
