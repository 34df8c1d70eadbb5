#!/usr/bin/env python3
"""Measures what the README says: imports, statistics and lists on a small and a large register, and the duty calendar of 150,000
members. `bench/run.py [PERSONS …]`, `bench/run.py duties`.

Everything happens in a temporary directory with synthetic persons; the figures are printed as Markdown tables."""
import csv
import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent.parent / "target/release/dangjian"
TODAY = "2026-11-24"
ROWS = 100_000
# So many persons have 150,000 members among them, in 5,000 branches.
WITH_DUTIES = 160_000
QUESTIONS = [
    ("合计", ""),
    ("年龄段", "by=age_band"),
    ("学历 × 年龄段", "by=education,age_band"),
    ("女、高级职称，按用工身份", "by=employment&where=gender%3D女%3Btitle_level%3D高级"),
    ("下级组织 × 性别", "by=org,gender"),
    ("学历 × 年龄段 × 性别", "by=education,age_band,gender"),
    ("2013 年以来入党，按性别", "by=gender&where=joined_year%3D2013年以来"),
    ("学历，2020 年末", "by=education&as_of=2020-12-31"),
]


def run(*args):
    """Runs the program; seconds, and the largest memory of any child so far in MB."""
    began = time.monotonic()
    done = subprocess.run([PROGRAM, *args], capture_output=True, text=True)
    if done.returncode not in (0, 2):
        sys.exit(f"{args}: {done.returncode}\n{done.stderr}")
    return time.monotonic() - began, done.stdout


def measured(*args):
    """Seconds and peak memory in MB of one run, in a process of its own."""
    code = ("import resource,subprocess,sys,time;b=time.monotonic();"
            "r=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.PIPE);"
            "print(r.returncode,time.monotonic()-b,resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss/1024)")
    out = subprocess.run([sys.executable, "-c", code, str(PROGRAM), *args], capture_output=True, text=True, check=True)
    status, seconds, memory = out.stdout.split()
    if int(status) not in (0, 2):
        sys.exit(f"{args}: exit code {status}")
    return float(seconds), float(memory)


def identity(n):
    """A synthetic identity number (GB 11643): the n-th of the county, born in 1970 or later."""
    born = time.strftime("%Y%m%d", time.gmtime(86400 * (n % 9000)))
    body = f"5101{4 + n // 9_000_000:02d}{born}{n // 9000 % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights)) % 11]


def roster(path, rows):
    """A roster of full members in branches of 40."""
    family, given = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "伟芳娜敏静秀丽强磊军洋勇艳杰娟涛明超兰霞"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        sheet = csv.writer(file)
        sheet.writerow(["序号", "姓名", "性别", "民族", "公民身份号码", "学历", "入党时间", "转正时间", "所在党支部", "联系电话"])
        for n in range(rows):
            number = identity(n)
            name = family[n % 16] + given[n // 16 % 20] + given[n // 320 % 20]
            sheet.writerow([n + 1, name, "女" if int(number[16]) % 2 == 0 else "男", "汉族", number, "大学本科",
                            "2008-06-15" if number[6:10] < "1990" else "2016-06-15",
                            "2009-06-15" if number[6:10] < "1990" else "2017-06-15", f"第{n // 40 + 1}党支部", f"160{n:08d}"])


def signed_in(address):
    """A session of the demo's staff account."""
    jar = urllib.request.HTTPCookieProcessor()
    opener = urllib.request.build_opener(jar)
    body = json.dumps({"login": "staff", "password": "demo-2026"}).encode()
    opener.open(urllib.request.Request(f"{address}/api/session", body, {"Content-Type": "application/json"})).read()
    return opener


def asked(opener, url):
    """Median over seven requests: the store's time as Server-Timing says it, or the whole request's, in milliseconds."""
    times = []
    for _ in range(7):
        began = time.monotonic()
        answer = opener.open(urllib.request.Request(url))
        answer.read()
        whole = (time.monotonic() - began) * 1000
        said = re.search(r"dur=([\d.]+)", answer.headers.get("Server-Timing") or "")
        times.append((float(said.group(1)) if said else whole, whole))
    return sorted(times)[3]


def quoted(text):
    return urllib.request.quote(text, safe="?=&,%")


def print_memory(server):
    """What the process holds itself, and what of the database's file it has mapped: that is counted once for every connection, and the
    system takes it back when it needs it."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    own, file = (int(re.search(rf"{key}:\s+(\d+)", status).group(1)) / 1024 for key in ("RssAnon", "RssFile"))
    print(f"\n服务进程自有内存 {own:.0f} MB，另映射文件 {file:.0f} MB（各连接重复计算，系统需要时收回）。")


def served(persons, dir):
    """Figures of a served register of so many members."""
    data = dir / f"demo-{persons}"
    seconds, memory = measured("demo", "--members", str(persons), "--today", TODAY, "--data", str(data), "--no-serve")
    size = (data / "dangjian.db").stat().st_size / 1e6
    print(f"\n### {persons:,} 名党员\n\n写入 {seconds:.1f} 秒，内存最多 {memory:.0f} MB，数据库 {size:.0f} MB。\n")
    server = subprocess.Popen([PROGRAM, "serve", "--data", str(data), "--listen", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, text=True)
    try:
        address = re.search(r"http://\S+", server.stdout.readline()).group(0)
        opener = signed_in(address)
        print("| 问题 | 查询（毫秒） | 整个请求（毫秒） |\n|---|---|---|")
        for name, query in QUESTIONS:
            inner, whole = asked(opener, f"{address}/api/stats?{quoted(query)}")
            print(f"| {name} | {inner:.1f} | {whole:.1f} |", flush=True)
        for name, path in [("组织列表（首页）", "orgs"), ("党员列表（首页）", "members"), ("搜索「张」", "search?q=张"),
                           ("待办", "workbench")]:
            _, whole = asked(opener, f"{address}/api/{quoted(path)}")
            print(f"| {name} | – | {whole:.1f} |", flush=True)
        print_memory(server)
    finally:
        server.terminate()
        server.wait()


def timed(opener, url):
    """Milliseconds of one request, and what it answered."""
    began = time.monotonic()
    answer = json.loads(opener.open(url).read())
    return (time.monotonic() - began) * 1000, answer


def duties(persons, dir):
    """The duty calendar: computed when it is first asked for, then read; one branch; after one change."""
    data = dir / f"duties-{persons}"
    measured("demo", "--members", str(persons), "--today", TODAY, "--data", str(data), "--no-serve")
    server = subprocess.Popen([PROGRAM, "demo", "--continue", "--data", str(data), "--listen", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, text=True)
    try:
        address = re.search(r"http://\S+", server.stdout.readline()).group(0)
        opener = signed_in(address)
        orgs, cursor = [], ""
        while cursor is not None:
            page = timed(opener, f"{address}/api/orgs?limit=1000&cursor={cursor}")[1]
            orgs, cursor = orgs + page["items"], page["next"]
        top, branches = orgs[0], [org for org in orgs if org["kind"] in ("branch", "joint_branch", "temporary_branch")]
        branch, members = branches[len(branches) // 2]["id"], top["full_members"] + top["probationary_members"]
        cold, summary = timed(opener, f"{address}/api/duties/summary?org={top['id']}")
        count = sum(sum(part.values()) for part in summary["total"].values())
        print(f"\n### 应办日历：{len(branches):,} 个党支部、{members:,} 名党员，{TODAY[:4]} 年共 {count:,} 项\n")
        print(f"| 步骤 | 毫秒 |\n|---|---|\n| 从头算出全企业一年并汇总 | {cold:.0f} |", flush=True)
        for name, path in [("再看汇总", f"duties/summary?org={top['id']}"), ("一个支部的一年", f"duties/year?org={branch}"),
                           ("一个支部的另一年（现算）", f"duties/year?org={branch}&year=2028"),
                           ("逾期清单（首页）", "duties?status=overdue"), ("待办（最上级）", "workbench")]:
            print(f"| {name} | {asked(opener, f'{address}/api/{path}')[1]:.1f} |", flush=True)
        csrf = timed(opener, f"{address}/api/session")[1]["csrf"]
        posted = urllib.request.Request(
            f"{address}/api/excuses", json.dumps({"duty_key": f"MEET-05.theme_day.o{branch}.20261101.1", "reason": "全体在外抢修"}).encode(),
            {"Content-Type": "application/json", "X-CSRF-Token": csrf})
        opener.open(posted).read()
        print(f"| 写入一项后再看这个支部 | {timed(opener, f'{address}/api/duties/year?org={branch}')[0]:.1f} |")
        print_memory(server)
    finally:
        server.terminate()
        server.wait()


def imports(dir):
    """The import of a large roster, twice, and a dry run."""
    file, data = dir / "roster.csv", dir / "import"
    roster(file, ROWS)
    print(f"### 导入 {ROWS:,} 行花名册（csv，{file.stat().st_size / 1e6:.0f} MB）\n\n| 步骤 | 秒 | 内存最多（MB） |\n|---|---|---|")
    for name, extra in [("只核对", ["--dry-run"]), ("写入", []), ("再导一次（无变化）", [])]:
        seconds, memory = measured("import", str(file), "--create-orgs", "--today", TODAY, "--data", str(data), *extra)
        print(f"| {name} | {seconds:.1f} | {memory:.0f} |", flush=True)
    _, out = run("stats", "--data", str(data), "--format", "json")
    assert json.loads(out)["total"] == ROWS, out


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        wanted = sys.argv[1:]
        if not wanted:
            imports(Path(place))
        for count in [int(arg) for arg in wanted if arg != "duties"] or ([] if wanted else [5_000, 1_000_000]):
            served(count, Path(place))
        if not wanted or "duties" in wanted:
            duties(WITH_DUTIES, Path(place))
