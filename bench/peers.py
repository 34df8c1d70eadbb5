#!/usr/bin/env python3
"""Asks other engines the questions of `dangjian bench census` over the engine's own Parquet, on as many threads, and prints the ratios.

`bench/peers.py FIGURES.json ROWS.parquet [--json]`, after `dangjian bench census --members N --parquet DIR --json > FIGURES.json`.
DuckDB, Polars, chDB and DataFusion are installed into target/peers when first needed. Each runs in a process of its own with the columns in
memory (chDB: a MergeTree table ordered by org); times are medians of five after one run to warm up. Every answer must agree with ours in its
sum and its number of cells."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent / "target/peers"
ENGINES = ["duckdb", "polars", "chdb", "datafusion"]
RUNS = 5


def duckdb(rows, threads):
    import duckdb
    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    connection.execute(f"CREATE TABLE members AS SELECT * FROM read_parquet('{rows}')")
    return lambda sql: connection.execute(sql).fetchall()


def polars(rows, threads):
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    import polars
    context = polars.SQLContext(members=polars.read_parquet(rows))
    return lambda sql: context.execute(sql, eager=True).rows()


def chdb(rows, threads):
    from chdb.session import Session
    session = Session(tempfile.mkdtemp(dir=HOME))
    session.query("CREATE DATABASE bench")
    session.query(f"CREATE TABLE bench.members ENGINE = MergeTree ORDER BY org AS SELECT * FROM file('{rows}', Parquet)")
    session.query("OPTIMIZE TABLE bench.members FINAL")

    def ask(sql):
        sql = sql.replace("FROM members", "FROM bench.members") + f" SETTINGS max_threads = {threads}"
        text = session.query(sql, "JSONCompactEachRow").data()
        return [[int(value) for value in json.loads(line)] for line in text.splitlines()]
    return ask


def datafusion(rows, threads):
    import pyarrow.parquet
    from datafusion import SessionConfig, SessionContext
    context = SessionContext(SessionConfig().with_target_partitions(threads))
    batches = pyarrow.parquet.read_table(rows).to_batches(max_chunksize=1 << 17)
    parts = [batches[n::threads] for n in range(threads)]
    context.register_record_batches("members", [part for part in parts if part])
    return lambda sql: [list(row.values()) for batch in context.sql(sql).collect() for row in batch.to_pylist()]


def measure(engine, rows, questions, threads):
    """Runs one engine; prints a JSON object a question."""
    ask = globals()[engine](rows, threads)
    for question in questions:
        try:
            answer = ask(question["sql"])
            times = []
            for _ in range(RUNS):
                began = time.perf_counter()
                ask(question["sql"])
                times.append((time.perf_counter() - began) * 1000)
            total = sum(int(row[-1]) for row in answer)
            agrees = (total, len(answer)) == (question["total"], question["cells"])
            print(json.dumps({"name": question["name"], "ms": statistics.median(times), "agrees": agrees}), flush=True)
        except Exception as error:  # an engine that cannot answer is said, the others go on
            print(json.dumps({"name": question["name"], "error": str(error)[:200]}), flush=True)


def installed():
    """The interpreter that has the engines."""
    python = HOME / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", HOME], check=True)
    have = subprocess.run([python, "-c", "import duckdb, polars, chdb, datafusion, pyarrow"], capture_output=True)
    if have.returncode:
        subprocess.run([python, "-m", "pip", "install", "--quiet", *ENGINES, "pyarrow"], check=True)
    return python


def main(figures_file, rows, as_json):
    figures = json.loads(Path(figures_file).read_text())
    questions = [query for query in figures["queries"] if query["sql"]]
    threads = figures["machine"]["threads"]
    python = installed()
    peers = {}
    for engine in ENGINES:
        command = [python, __file__, "--engine", engine, str(rows), str(threads)]
        out = subprocess.run(command, input=json.dumps(questions), capture_output=True, text=True)
        if out.returncode:
            print(f"{engine}: {out.stderr[-500:]}", file=sys.stderr)
        peers[engine] = {answer["name"]: answer for answer in map(json.loads, out.stdout.splitlines())}
    table = []
    for query in questions:
        answers = {engine: peers[engine].get(query["name"], {}) for engine in ENGINES}
        wrong = [engine for engine, answer in answers.items() if answer.get("agrees") is False]
        if wrong:
            sys.exit(f"{query['name']}: {', '.join(wrong)} counted something else")
        times = {engine: answer["ms"] for engine, answer in answers.items() if "ms" in answer}
        fastest = min(times.values(), default=None)
        table.append({"name": query["name"], "ms": query["ms"], "peers": times,
                      "ratio": fastest / query["ms"] if fastest else None})
    if as_json:
        print(json.dumps(table, indent=2))
        return
    print("| 问题 | 本引擎（毫秒） | DuckDB | Polars | chDB | DataFusion | 比最快者快 |")
    print("|---|---|---|---|---|---|---|")
    for line in table:
        times = " | ".join(f"{line['peers'][engine]:.1f}" if engine in line["peers"] else "–" for engine in ENGINES)
        ratio = f"{line['ratio']:,.0f} 倍" if line["ratio"] and line["ratio"] >= 10 else f"{line['ratio'] or 0:.1f} 倍"
        print(f"| {line['name']} | {line['ms']:.4f} | {times} | {ratio} |")


if __name__ == "__main__":
    if sys.argv[1] == "--engine":
        measure(sys.argv[2], sys.argv[3], json.load(sys.stdin), int(sys.argv[4]))
    else:
        main(sys.argv[1], sys.argv[2], "--json" in sys.argv)
