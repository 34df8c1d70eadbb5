# The daily commands. `make run` and `make test` install or build whatever they need.
.PHONY: run build web test test-rust test-web test-duckdb test-e2e bench lint fmt licences api

# A demonstration enterprise at http://127.0.0.1:8080, on a fresh data directory. Arguments: make run ARGS="--members 20000"
run: build
	target/release/dangjian demo $(ARGS)

build: web
	cargo build --release --locked

web: web/dist/index.html

# The client is built anew when any of its sources is newer.
WEB_SOURCES := $(shell find web/src web/public -type f 2>/dev/null) web/index.html web/package-lock.json web/vite.config.ts
web/dist/index.html: web/node_modules/.installed $(WEB_SOURCES)
	cd web && npm run build

web/node_modules/.installed: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	touch $@

# Formatting, lints, all tests on SQLite and PostgreSQL, the client's tests, DuckDB beside the census, end-to-end tests in a browser.
test:
	scripts/install.sh
	$(MAKE) lint test-web test-rust test-duckdb test-e2e

lint: web/node_modules/.installed web
	cargo fmt --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	scripts/licences.py
	$(DESCRIBE) ../target/schema.d.ts
	@diff -u web/src/api/schema.d.ts target/schema.d.ts | head -40; cmp -s web/src/api/schema.d.ts target/schema.d.ts || \
	  { echo "web/src/api/schema.d.ts is not what the server describes: run 'make api' and commit it." >&2; exit 1; }
	cd web && npm run lint

test-web: web/node_modules/.installed
	cd web && npm test

test-rust:
	scripts/postgres.sh scripts/rust-tests.sh

# DuckDB and the census engine answer the same questions over the same Parquet tables.
test-duckdb: target/duckdb/.installed
	cargo build --quiet --locked -p census --example questions
	target/duckdb/bin/python tests/duckdb/agreement.py

target/duckdb/.installed: tests/duckdb/requirements.txt
	python3 -m venv --clear target/duckdb
	target/duckdb/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

test-e2e: build tests/e2e/node_modules/.installed
	cd tests/e2e && npm test

tests/e2e/node_modules/.installed: tests/e2e/package-lock.json
	cd tests/e2e && npm ci --no-audit --no-fund
	touch $@

# Figures of bench/README.md.
bench: build
	bench/run.py

fmt:
	cargo fmt

licences:
	scripts/licences.py

# The client's types, from the server's own description; `lint` fails when the two have drifted apart.
DESCRIBE := mkdir -p target && cargo run --quiet --locked -- openapi > target/openapi.json && \
	cd web && npx openapi-typescript ../target/openapi.json -o

api: web/node_modules/.installed
	$(DESCRIBE) src/api/schema.d.ts
