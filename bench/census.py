#!/usr/bin/env python3
"""The figures of the census engine: from 100,000 to 100,271,000 members, and beside other engines over the same Parquet.

`bench/census.py [MEMBERS …]` prints Markdown tables and writes bench/census.svg: the time of an answer against the number of members. The
last size is the one that other engines are asked about (bench/peers.py). Needs 4 GiB of memory and of disk at 100,271,000."""
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAM = HERE.parent / "target/release/dangjian"
SIZES = [100_000, 1_000_000, 10_000_000, 100_271_000]
SAID = {
    "Q1": "年龄段", "Q2": "学历 × 年龄段", "Q3": "女、中级职称，按用工身份", "Q4": "学历 × 年龄段，占 1% 的下级组织",
    "Q5": "年龄段，按 20 个直接下级分列", "Q6": "姓名开头，占 10% 或 1% 的下级组织中前 20 人", "Q7": "2013 年以来入党，按性别",
    "three": "学历 × 年龄段 × 职业，占 1% 的下级组织", "scan4": "性别 × 学历 × 年龄段 × 职业（逐行）",
    "scan_selective": "女、藏族、本科以上，按年龄段（逐行）", "scan_range": "2001-07 至 2021-07 入党，按性别（逐行）",
}


def bench(members, parquet=None):
    orgs = round(members * 5_250_000 / 100_271_000)
    command = [PROGRAM, "bench", "census", "--members", str(members), "--orgs", str(orgs), "--json"]
    done = subprocess.run(command + (["--parquet", parquet] if parquet else []), capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def sizes_table(runs):
    print("| 党员人数 | 建立（秒） | 每秒（万人） | 内存（MiB） | 其中累计表 | 一维 中位／99% | 二维 | 三维 | 一边改一边问 99% |")
    print("|---|---|---|---|---|---|---|---|---|")
    for run in runs:
        build, memory, living = run["build"], run["memory"], run["living"]
        any_node = " | ".join(f"{1000 * any['p50_ms']:.1f}／{1000 * any['p99_ms']:.1f}" for any in run["any_node"])
        print(f"| {build['members']:,} | {build['build_s']:.2f} | {build['members_per_s'] / 1e4:,.0f} | {memory['resident_mib']:,.0f} | "
              f"{memory['cubes_mib']:,.0f} | {any_node} | {1000 * living['quiet']['p99_ms']:.0f} → {1000 * living['busy']['p99_ms']:.0f} |")


def questions_table(run):
    print("| 问题 | | 毫秒 | 读取（MB） | 占内存带宽 |\n|---|---|---|---|---|")
    for query in run["queries"]:
        share = "–" if query["cubes"] or not query["bytes"] else f"{100 * query['share_of_bandwidth']:.0f} %"
        print(f"| {query['name']} | {SAID[query['name']]} | {query['ms']:.4f} | {query['bytes'] / 1e6:.3f} | {share} |")


def plot(runs, path):
    """Time of an answer (microseconds) against members, both on logarithmic scales."""
    width, height, left, top, right, bottom = 640, 360, 90, 20, 150, 50
    sizes = [run["build"]["members"] for run in runs]
    lines = [("一维", "#c00000", [1000 * run["any_node"][0]["p99_ms"] for run in runs]),
             ("二维", "#2f6fab", [1000 * run["any_node"][1]["p99_ms"] for run in runs]),
             ("三维", "#5a8f29", [1000 * run["any_node"][2]["p99_ms"] for run in runs]),
             ("逐行（四维）", "#7a7a7a", [1000 * query["ms"] for run in runs for query in run["queries"] if query["name"] == "scan4"])]
    low, high = math.log10(min(sizes)), math.log10(max(sizes))
    x = lambda size: left + (math.log10(size) - low) / max(high - low, 1e-9) * (width - left - right)
    y = lambda us: height - bottom - (math.log10(max(us, 0.1)) + 1) / 6 * (height - top - bottom)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13">',
           '<title>任意组织一问的用时（99%，微秒）与党员人数</title>', f'<rect width="{width}" height="{height}" fill="#fff"/>']
    for power in range(-1, 6):
        at = y(10 ** power)
        out.append(f'<line x1="{left}" x2="{width - right}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>'
                   f'<text x="{left - 8}" y="{at + 4:.1f}" text-anchor="end">{10 ** power:,g} µs</text>')
    for size in sizes:
        out.append(f'<text x="{x(size):.1f}" y="{height - bottom + 20}" text-anchor="middle">{size:,}</text>')
    for name, colour, times in lines:
        points = " ".join(f"{x(size):.1f},{y(time):.1f}" for size, time in zip(sizes, times))
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
                   f'<text x="{width - right + 8}" y="{y(times[-1]) + 4:.1f}" fill="{colour}">{name}</text>')
    path.write_text("\n".join(out + ["</svg>", ""]))


def main(sizes):
    with tempfile.TemporaryDirectory() as place:
        runs = [bench(size) for size in sizes[:-1]] + [bench(sizes[-1], place)]
        machine = runs[-1]["machine"]
        print(f"机器：{machine['processor']}，{machine['threads']} 线程，读内存 {machine['bandwidth_gb_per_s']:.0f} GB/s。"
              "「任意组织」各问 500 次，时间以微秒计。\n")
        sizes_table(runs)
        print("\n![一问的用时与党员人数](census.svg)\n")
        plot(runs, HERE / "census.svg")
        largest = runs[-1]
        print(f"{largest['build']['members']:,} 名党员、{largest['build']['orgs']:,} 个党组织：\n")
        questions_table(largest)
        print(f"\n十二年趋势（每年年末的学历表，逐行十二次）：{largest['trend_ms']:.1f} 毫秒。姓名索引另占 "
              f"{largest['memory']['names_mib']:,.0f} MiB。并入修改 {largest['living']['folds']} 次。\n")
        figures = Path(place) / "figures.json"
        figures.write_text(json.dumps(largest))
        rows = next(Path(place).glob("*/rows.parquet"))
        print(subprocess.run([HERE / "peers.py", figures, rows], capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
