#!/usr/bin/env python3
"""The census engine and DuckDB answer the same random questions over the same Parquet tables and must agree in every cell.

agreement.py [PROGRAM]: PROGRAM is the example `questions` of crate census. A failure names the seed; SEED=<n> asks the same again.
"""
import json
import os
import random
import subprocess
import sys
import tempfile

import duckdb

ROWS, QUESTIONS = 200_000, 300


def quoted(column):
    return '"' + column.replace('"', '""') + '"'


def within(column, spans):
    return "(" + " OR ".join([f"{column} BETWEEN {first} AND {last}" for first, last in spans] or ["false"]) + ")"


def group(by):
    """The number of the group of a row."""
    column = quoted(by["column"])
    if "spans" not in by:
        return column
    cases = " ".join(f"WHEN {column} BETWEEN {first} AND {last} THEN {n}" for n, (first, last) in enumerate(by["spans"]))
    return f"CASE {cases} ELSE {len(by['spans'])} END"


def condition(by):
    column = quoted(by["column"])
    return within(column, by["spans"]) if "spans" in by else f"{column} IN ({', '.join(map(str, by['codes']))})"


def somewhere(place):
    if "subtree" in place:
        # The end of a subtree stands in the table of organisations.
        number = place["subtree"]
        return f"org >= {number} AND org < (SELECT \"end\" FROM orgs WHERE number = {number})"
    return "(" + " OR ".join(f"org >= {first} AND org < {end}" for first, end in place["ranges"]) + ")"


def some_day(on, day):
    return f'"from" <= {day} AND "to" = 65535' if on in (None, day) else f'"from" <= {on} AND "to" > {on}'


def table(connection, question, place, day):
    """DuckDB's answer, laid out as the engine's."""
    groups = [group(by) for by in question["by"]]
    where = [some_day(question["on"], day), somewhere(place), *map(condition, question["filters"])]
    sql = f"SELECT {', '.join([*groups, 'count(*)'])} FROM rows WHERE {' AND '.join(where)}"
    sql += f" GROUP BY {', '.join(str(n + 1) for n in range(len(groups)))}" if groups else ""
    cells = 1
    for size in question["shape"]:
        cells *= size
    counts = [0] * cells
    for *codes, count in connection.execute(sql).fetchall():
        cell = 0
        for code, size in zip(codes, question["shape"]):
            cell = cell * size + code
        counts[cell] += count
    return sql, counts


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "target/debug/examples/questions"
    seed = os.environ.get("SEED") or str(random.SystemRandom().randrange(2**48))
    with tempfile.TemporaryDirectory() as directory:
        run = subprocess.run([program, directory, str(ROWS), str(QUESTIONS), seed], check=True, capture_output=True, text=True)
        first, *questions = map(json.loads, run.stdout.splitlines())
        assert len(questions) == QUESTIONS
        connection = duckdb.connect()
        for name in ("rows", "orgs"):
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{first['tables']}/{name}.parquet')")
        types = dict(connection.execute("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'rows'").fetchall())
        assert (types["org"], types["gender"], types["born"], types["subject"]) == ("UINTEGER", "UTINYINT", "USMALLINT", "UBIGINT"), types
        assert connection.execute("SELECT count(*) FROM rows").fetchone() == (ROWS,)
        about = connection.execute(
            f"SELECT decode(value) FROM parquet_kv_metadata('{first['tables']}/rows.parquet') WHERE decode(key) = 'census'").fetchone()
        assert json.loads(about[0])["epoch"] == "1879-12-31"
        cells = persons = 0
        for number, question in enumerate(questions):
            size = len(question["counts"]) // len(question["places"])
            for n, place in enumerate(question["places"]):
                engine = question["counts"][n * size:][:size]
                sql, counts = table(connection, question, place, first["day"])
                if engine != counts:
                    other = [(cell, a, b) for cell, (a, b) in enumerate(zip(engine, counts)) if a != b]
                    sys.exit(f"SEED={seed}, question {number}: (cell, engine, DuckDB) {other[:10]}\n{sql}")
                cells += size
                persons += sum(counts)
    assert persons > 0
    print(f"DuckDB {duckdb.__version__} and the engine agree: {QUESTIONS} questions, {cells} cells, {persons} rows counted (SEED={seed})")


main()
