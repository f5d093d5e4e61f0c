#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Holds lib/report/rare.c, by what rare-numbers prints, against another implementation:
scipy (Debian's python3-scipy). Usage: test-rare.py RARE-NUMBERS; prints TAP.
"""

import math
import subprocess
import sys

try:
    from scipy.stats import beta, binom, binomtest, gamma, hypergeom, poisson
    from scipy.stats.contingency import odds_ratio
except ImportError:
    print("1..0 # SKIP Debian's package python3-scipy is not there")
    sys.exit(0)


def rates(base, new, exposure, new_exposure):
    """p, and the interval of the ratio, by the binomial distribution"""
    share = new_exposure / (exposure + new_exposure)
    n = base + new
    if not n:
        return 1, 0, math.inf
    interval = binomtest(new, n, share).proportion_ci(0.95, method="exact")
    odds = [x / (1 - x) if x < 1 else math.inf for x in interval]
    p = 2 * min(binom.cdf(new, n, share), binom.sf(new - 1, n, share))
    return min(1, p), *(o * exposure / new_exposure for o in odds)


def shares(base, new, of, new_of):
    """p, and the interval of the odds' ratio, by the hypergeometric distribution"""
    if base + new in (0, of + new_of):
        return 1, 0, math.inf
    d = hypergeom(of + new_of, base + new, new_of)
    p = min(1, 2 * min(d.cdf(new), d.sf(new - 1)))
    table = [[new, base], [new_of - new, of - base]]
    interval = odds_ratio(table, kind="conditional").confidence_interval(0.95)
    return p, interval.low, interval.high


def mean(events):
    """One-sided limits of a Poisson mean, and a tail"""
    lower = gamma.ppf(0.05, events) if events else 0
    return lower, gamma.ppf(0.95, events + 1), poisson.sf(events - 1, 7.5)


def share(events):
    """One-sided limits of a share of 61, and a tail"""
    lower = beta.ppf(0.05, events, 62 - events) if events else 0
    upper = beta.ppf(0.95, events + 1, 61 - events) if events < 61 else 1
    return lower, upper, binom.sf(events - 1, 61, 0.2)


def near(found, expected):
    """To a millionth; scipy's own search for odds' ratios is no better."""
    if math.isinf(expected) or math.isinf(found):
        return found == expected
    return abs(found - expected) <= 1e-6 * abs(expected) + 1e-12


def main():
    """Each kind of line is a test."""
    kinds = {"rates": (rates, 4), "shares": (shares, 4), "mean": (mean, 1), "share": (share, 1)}
    bad, seen = {}, dict.fromkeys(kinds, 0)
    for line in subprocess.check_output(sys.argv[1], text=True).splitlines():
        kind, *words = line.split()
        function, inputs = kinds[kind]
        given = [float(w) if "." in w else int(w) for w in words[:inputs]]
        expected, found = function(*given), [float(w) for w in words[inputs:]]
        seen[kind] += 1
        if not all(near(f, e) for f, e in zip(found, expected)):
            bad.setdefault(kind, []).append(f"{line}: expected {expected}")
    for number, kind in enumerate(kinds, 1):
        print("not ok" if kind in bad or not seen[kind] else "ok", number, f"- {kind} as scipy has them")
        for line in bad.get(kind, []):
            print("#", line)
    print(f"1..{len(kinds)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
