# SPDX-License-Identifier: Apache-2.0
"""Checks lab 2: what the vault's domains observed, which faults the kernel
recorded, and whether the attack comes through without its guard."""

import re
import subprocess

import ambit


def faults(seen, domain):
    """What a domain was kept from: {access} to the vault."""
    return {fault["access"] for fault in seen.at("domains", domain, "faults")
            if fault["range"] == "vault"}


def cells(seen, domain):
    return seen.at("domains", domain, "observations")


def check_vault(sheet):
    seen = ambit.run("vault.yaml", check=False)[0]
    rights = cells(seen, "keeper").get("weakened")
    sheet.task(rights == "r", "1: weaken gives a capability that only reads",
               f"its rights are '{rights}': see ambit_derive in "
               "ambit/calls.h")
    reader = cells(seen, "reader")
    sheet.task(reader.get("before") == "r", "2: the reader reads, and no more",
               f"it found '{reader.get('before')}': see holds in vault.yaml")
    sheet.task(reader.get("before") == "r" and
               reader.get("after") == "nothing" and
               {"read", "write"} <= faults(seen, "reader") and seen.met,
               "3: what was handed over is taken back",
               f"afterwards it found '{reader.get('after')}': see "
               "ambit_revoke")


def check_attack(sheet):
    seen = ambit.run("attack.yaml", check=False)[0]
    bare = ambit.run("attack.yaml", check=False,
                     without_guard="derive-rights")[0]
    sheet.task(seen.exit == 0 and bare.exit == 5,
               "4: the attack is stopped, and would work without the guard",
               f"with it the run ends with {seen.exit}, without with "
               f"{bare.exit}: does steal() really try?")
    done = subprocess.run([ambit.find(), "test", "attack.yaml"],
                          capture_output=True, text=True, check=False)
    sheet.task(done.returncode == 0 and
               re.search(r"^ok .* without ", done.stdout, re.M),
               "5: the config names the guard",
               (done.stdout + done.stderr).strip().replace("\n", "\n      "))


def check(sheet, build):
    build("vault")
    check_vault(sheet)
    check_attack(sheet)
