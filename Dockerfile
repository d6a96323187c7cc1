# The image of Pactwatch: the locked packages, the project's own wheel, no build tools, no root.
FROM python:3.12-slim AS build
WORKDIR /src
RUN pip install --no-cache-dir uv && uv venv /opt/pactwatch
COPY requirements.lock ./
RUN uv pip install --python /opt/pactwatch/bin/python --require-hashes --requirements requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY pipeline pipeline
COPY transforms transforms
COPY config config
COPY seeds seeds
RUN uv pip install --python /opt/pactwatch/bin/python --no-deps .

FROM python:3.12-slim
ENV PATH=/opt/pactwatch/bin:$PATH OMP_NUM_THREADS=1 PYTHONUNBUFFERED=1
RUN useradd --create-home --uid 10001 pactwatch && mkdir /desk && chown pactwatch /desk
COPY --from=build /opt/pactwatch /opt/pactwatch
USER pactwatch
WORKDIR /desk
VOLUME /desk
HEALTHCHECK --interval=30s --timeout=20s CMD ["pactwatch", "--version"]
ENTRYPOINT ["pactwatch"]
CMD ["--help"]
