#!/usr/bin/env python3
"""Verifies an export of a Trueup Access Ledger. Needs nothing but Python 3.8 and this file.

    python3 verify_ledger.py FILE --key KEY [--checkpoint OLDER]...

KEY is the line that `trueup ledger key` prints, or a file that holds such lines. Prints one JSON object:
{"ok": true, ...} or {"ok": false, "code": ..., "sequence": ...}, and exits with 0 or 1 (2: a file or key that
cannot be read). It shares no code with Trueup and decides by the same rules, written down in docs/ledger.md.
"""

import base64
import hashlib
import json
import math
import re
import sys

ENTRY_FIELDS = {
    "version", "origin", "sequence", "key", "act", "at", "by", "about", "facts", "personal", "previous",
}
ACTS = """project-created check-started check-finished incident-opened incident-seen-again incident-reopened
incident-acknowledged incident-ignored incident-assigned incident-commented incident-resolved cause-found
deploy-marked repair-proposed
repair-approved repair-rejected repair-intended repair-applied repair-conflicted repair-superseded
repair-expired repair-denied repair-abandoned repair-verified repair-failed repair-undone repairs-switched
repairs-released exception-created exception-extended exception-ended subjects-imported project-changed
source-connected source-reconnected source-disconnected config-changed mapping-changed catalogue-changed
policy-changed schedule-changed push-secret-added push-secret-removed webhook-secret-added
webhook-secret-removed webhook-refused event-replayed alerts-changed webhooks-changed key-created key-revoked
signing-key-changed""".split()
LONGEST_LINE = 64 * 1024 * 1024
DEEPEST = 100


class Found(Exception):
    def __init__(self, code, sequence=None):
        super().__init__(code)
        self.code, self.sequence = code, sequence


# --- Hashes: RFC 6962, section 2.1 ------------------------------------------------------------------------------


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(data):
    return sha256(b"\x00" + data)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


class Tree:
    """The Merkle tree as it grows: the roots of its complete subtrees, each with the number of its leaves."""

    def __init__(self):
        self.size, self.subtrees = 0, []

    def append(self, hashed):
        self.subtrees.append((1, hashed))
        while len(self.subtrees) > 1 and self.subtrees[-1][0] == self.subtrees[-2][0]:
            leaves, right = self.subtrees.pop()
            _, left = self.subtrees.pop()
            self.subtrees.append((leaves * 2, node_hash(left, right)))
        self.size += 1

    def root(self):
        if not self.subtrees:
            return sha256(b"")
        root = self.subtrees[-1][1]
        for _, left in reversed(self.subtrees[:-1]):
            root = node_hash(left, root)
        return root


def root_of_inclusion(index, hashed, size, path):
    """Section 2.1.3.2 of RFC 9162."""
    if index >= size:
        return None
    node, last = index, size - 1
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            hashed = node_hash(sibling, hashed)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            hashed = node_hash(hashed, sibling)
        node, last = node >> 1, last >> 1
    return hashed if last == 0 else None


# --- Canonical JSON: RFC 8785 -----------------------------------------------------------------------------------


def number_text(number):
    """As ECMAScript writes a number: the shortest digits that give it back, in its own notation."""
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    mantissa, _, exponent = repr(abs(float(number))).partition("e")
    whole, _, fraction = mantissa.partition(".")
    point = len(whole) + int(exponent or 0)
    digits = whole + ("" if fraction == "0" else fraction)
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    digits = stripped.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    power = point - 1
    text = digits[0] + ("." + digits[1:] if count > 1 else "")
    return "%s%se%s%d" % (sign, text, "+" if power > 0 else "-", abs(power))


SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def text_json(text):
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        raise ValueError("half a surrogate pair")
    escaped = (
        SHORT.get(letter) or ("\\u%04x" % ord(letter) if letter < " " else letter) for letter in text
    )
    return '"' + "".join(escaped) + '"'


def canonical(value, depth=0):
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return text_json(value)
    if isinstance(value, (int, float)):
        if not math.isfinite(float(value)):
            raise ValueError("not finite")
        return number_text(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical(held, depth + 1) for held in value) + "]"
    keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(text_json(key) + ":" + canonical(value[key], depth + 1) for key in keys) + "}"


def read_base64(text, length=None):
    """Only the one text that each value has."""
    if not isinstance(text, str):
        return None
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        return None
    if base64.b64encode(data).decode("ascii") != text:
        return None
    return data if length is None or len(data) == length else None


# --- Ed25519: RFC 8032, section 5.1 ------------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * SQRT_M1 % P
    if (x * x - x2) % P:
        return None
    return P - x if x & 1 != sign else x


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)


def add(one, two):
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def decompress(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def is_signed(public_key, message, signature):
    if len(signature) != 64:
        return False
    a, r = decompress(public_key), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % ORDER
    left, right = times(s, BASE), add(r, times(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- Notes, checkpoints, proofs: c2sp.org/signed-note, tlog-checkpoint, tlog-proof ------------------------------


def parse_key(line):
    match = re.fullmatch(r"([^+\s]+)\+([0-9a-f]{8})\+(\S+)", line.strip())
    typed = read_base64(match.group(3), 33) if match else None
    if not typed or typed[0] != 1:
        return None
    name, public_key = match.group(1), typed[1:]
    identity = sha256(name.encode() + b"\n\x01" + public_key)[:4]
    return (name, identity, public_key) if identity.hex() == match.group(2) else None


def parse_note(text):
    if re.search("[\x00-\x09\x0b-\x1f\ud800-\udfff]", text) or not text.endswith("\n"):
        return None
    split = text.rfind("\n\n")
    if split < 0:
        return None
    signatures = []
    for line in text[split + 2 : -1].split("\n"):
        match = re.fullmatch("\u2014 (\\S+) (\\S+)", line)
        data = read_base64(match.group(2)) if match else None
        if data is None or len(data) < 5 or "+" in match.group(1):
            return None
        signatures.append((match.group(1), data[:4], data[4:]))
    return None if len(signatures) > 100 else (text[: split + 1], signatures)


def keys_that_signed(note, keys):
    text, signatures = note
    signed = []
    for name, identity, signature in signatures:
        for key in keys:
            if key[0] == name and key[1] == identity:
                if not is_signed(key[2], text.encode(), signature):
                    return []
                signed.append(key)
                break
    return signed


def parse_checkpoint(text):
    note = parse_note(text)
    lines = note[0].split("\n") if note else []
    if len(lines) < 4 or not lines[0] or not re.fullmatch("0|[1-9][0-9]{0,15}", lines[1]):
        return None
    root, size = read_base64(lines[2], 32), int(lines[1])
    if root is None or lines[-1] != "" or "" in lines[3:-1] or size > 2**53 - 1:
        return None
    return {"origin": lines[0], "size": size, "root": root, "note": note}


def parse_proof(text):
    head, split, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not split or lines[0] != "c2sp.org/tlog-proof@v1":
        return None
    lines = lines[1:]
    if lines and lines[0].startswith("extra ") and read_base64(lines[0][6:]) is not None:
        lines = lines[1:]
    match = re.fullmatch("index (0|[1-9][0-9]{0,15})", lines[0]) if lines else None
    path = [read_base64(line, 32) for line in lines[1:]]
    return None if not match or None in path else (int(match.group(1)), path, checkpoint)


# --- The export -------------------------------------------------------------------------------------------------


def is_whole_number(value):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return value == int(value) and 0 <= value <= 2**53 - 1


def is_moment(text):
    """A moment as ECMAScript's toISOString writes it; no other calendar date passes."""
    match = isinstance(text, str) and re.fullmatch(
        r"(\d{4}|[+-]\d{6})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.\d{3}Z", text
    )
    if not match:
        return False
    year, month, day, hour, minute, second = (int(part) for part in match.groups())
    if len(match.group(1)) == 7 and (0 <= year <= 9999 or match.group(1) == "-000000"):
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    in_range = 1 <= month <= 12 and 1 <= day <= days[month - 1] and hour < 24 and minute < 60 and second < 60
    return in_range and (year, month, day, hour, minute, second, text[-4:-1]) <= (275760, 9, 13, 0, 0, 0, "000")


def is_entry(value):
    about = value.get("about")
    return (
        value.get("version") == 1
        and value.get("version") is not True
        and set(value) == ENTRY_FIELDS
        and all(isinstance(value[name], str) for name in ("origin", "key", "by"))
        and is_whole_number(value["sequence"])
        and value["act"] in ACTS
        and is_moment(value["at"])
        and isinstance(about, dict)
        and set(about) <= {"check", "incident", "repair", "source", "exception"}
        and all(isinstance(held, str) for held in about.values())
        and isinstance(value["facts"], dict)
        and (value["personal"] is None or read_base64(value["personal"], 32) is not None)
        and read_base64(value["previous"], 32) is not None
    )


class Verifier:
    def __init__(self, keys, older):
        self.trusted = list(keys)
        self.older = [[parse_checkpoint(note), None] for note in older]
        self.tree = Tree()
        self.head = self.current = self.suspect = self.end = self.proven_by = None
        self.entries = self.disclosed = self.withheld = 0
        self.compare_older()

    def take(self, data):
        try:
            self.take_line(data)
        except Found as found:
            raise self.first_of(found)

    def first_of(self, found):
        return self.suspect[0] if self.suspect else found

    def expected(self):
        return self.entries if self.head and self.head["scope"] == "whole" and self.end is None else None

    def parse(self, data):
        def refuse(_):
            raise ValueError("no JSON number")

        try:
            text = data.decode("utf-8")
            # A byte order mark and numbers beyond all bounds are no JSON to others either.
            value = json.loads(text, parse_constant=refuse)
        except (ValueError, RecursionError):
            raise Found("line-malformed", self.expected())
        if not isinstance(value, dict):
            raise Found("line-malformed", self.expected())
        try:
            is_canonical = canonical(value) == text
        except (ValueError, RecursionError, OverflowError):
            is_canonical = False
        if not is_canonical:
            raise Found("line-not-canonical", self.expected())
        return value

    def take_line(self, data):
        line = self.parse(data)
        kinds = (("format", "head"), ("previous", "entry"), ("salt", "personal"), ("proof", "proof"), ("checkpoint", "end"))
        kind = next((kind for name, kind in kinds if name in line), None)
        if self.end is not None or (self.head is None and kind != "head"):
            raise Found("line-unexpected", self.expected())
        if kind == "head":
            self.take_head(line)
        elif kind == "entry":
            self.take_entry(line, data)
        elif kind == "personal":
            self.take_personal(line)
        elif kind == "proof":
            self.take_proof(line)
        elif kind == "end":
            self.take_end(line)
        else:
            raise Found("line-malformed", self.expected())

    def take_head(self, line):
        if self.head is not None:
            raise Found("line-unexpected", self.expected())
        is_known = (
            line["format"] == "trueup-ledger-export"
            and line.get("version") == 1
            and line.get("version") is not True
            and len(line) == 4
            and isinstance(line.get("origin"), str)
            and line.get("scope") in ("whole", "extract")
        )
        if not is_known:
            raise Found("line-malformed", self.expected())
        self.head = line

    def take_entry(self, entry, data):
        self.leave_entry()
        if not is_entry(entry):
            raise Found("entry-malformed", self.expected())
        hashed, sequence = leaf_hash(data), int(entry["sequence"])
        self.check_link(entry, sequence, hashed)
        if entry["origin"] != self.head["origin"]:
            raise Found("origin-differs", sequence)
        if entry["act"] == "signing-key-changed":
            self.trust_next(entry["facts"], sequence)
        self.current = {
            "sequence": sequence, "personal": entry["personal"], "hash": hashed,
            "disclosed": False, "proven": False, "left": False,
        }
        self.entries += 1
        if self.head["scope"] == "whole":
            self.tree.append(hashed)
            self.compare_older()

    def check_link(self, entry, sequence, hashed):
        before = self.current
        following = before["sequence"] + 1 if before else 0
        is_extract = self.head["scope"] == "extract"
        if sequence < following if is_extract else sequence != following:
            raise Found("sequence-broken", following)
        if is_extract:
            return
        previous = read_base64(entry["previous"])
        if self.suspect:
            # Which of the two before was changed is told by whom this one is linked to.
            problem, suspected = self.suspect
            self.suspect = None
            raise problem if suspected == previous else Found("entry-changed", sequence - 1)
        if previous == (before["hash"] if before else bytes(32)):
            return
        if not before:
            raise Found("entry-changed", 0)
        self.suspect = (Found("entry-changed", before["sequence"]), hashed)

    def trust_next(self, facts, sequence):
        lines = [facts.get(name) for name in ("from", "to")]
        keys = [parse_key(line) if isinstance(line, str) else None for line in lines]
        signatures = [read_base64(facts.get(name), 64) for name in ("signedByFrom", "signedByTo")]
        if None in keys or None in signatures:
            raise Found("key-change-unsigned", sequence)
        sentence = ("trueup ledger: signing key changed\nfrom %s\nto %s\n" % tuple(lines)).encode()
        if not all(is_signed(key[2], sentence, signature) for key, signature in zip(keys, signatures)):
            raise Found("key-change-unsigned", sequence)
        if keys[0] in self.trusted and self.head["scope"] == "whole":
            self.trusted.append(keys[1])

    def take_personal(self, line):
        current = self.current
        if (
            not current
            or current["disclosed"]
            or set(line) != {"personal", "salt", "sequence"}
            or not is_whole_number(line["sequence"])
            or line["sequence"] != current["sequence"]
        ):
            raise Found("line-unexpected", self.expected())
        salt = read_base64(line["salt"], 32)
        is_entered = (
            current["personal"] is not None
            and salt is not None
            and isinstance(line["personal"], dict)
            and sha256(b"\x02" + salt + canonical(line["personal"]).encode()) == read_base64(current["personal"])
        )
        if not is_entered:
            raise Found("personal-differs", current["sequence"])
        current["disclosed"] = True

    def take_proof(self, line):
        current = self.current
        is_due = self.head["scope"] == "extract" and current and not current["proven"]
        if (
            not is_due
            or set(line) != {"proof", "sequence"}
            or not is_whole_number(line["sequence"])
            or line["sequence"] != current["sequence"]
        ):
            raise Found("line-unexpected", self.expected())
        sequence = current["sequence"]
        proof = parse_proof(line["proof"]) if isinstance(line["proof"], str) else None
        checkpoint = parse_checkpoint(proof[2]) if proof else None
        if not checkpoint or proof[0] != sequence:
            raise Found("proof-wrong", sequence)
        if root_of_inclusion(sequence, current["hash"], checkpoint["size"], proof[1]) != checkpoint["root"]:
            raise Found("proof-wrong", sequence)
        self.proven_by = self.proven_by or proof[2]
        if self.proven_by != proof[2]:
            raise Found("proof-wrong", sequence)
        current["proven"] = True

    def take_end(self, line):
        self.leave_entry()
        if set(line) != {"checkpoint", "publicKey"} or not all(isinstance(text, str) for text in line.values()):
            raise Found("line-malformed", self.expected())
        if self.proven_by is not None and self.proven_by != line["checkpoint"]:
            raise Found("proof-wrong")
        self.end = parse_checkpoint(line["checkpoint"]) or "malformed"

    def leave_entry(self):
        current = self.current
        if not current or current["left"]:
            return
        current["left"] = True
        if current["disclosed"]:
            self.disclosed += 1
        elif current["personal"] is not None:
            self.withheld += 1
        if self.head["scope"] == "extract" and not current["proven"]:
            raise Found("proof-missing", current["sequence"])

    def finish(self):
        try:
            self.leave_entry()
            if self.suspect:
                raise self.suspect[0]
            self.check_end()
            self.check_older()
        except Found as found:
            raise self.first_of(found)
        return {
            "ok": True, "scope": self.head["scope"], "entries": self.entries, "size": self.end["size"],
            "disclosed": self.disclosed, "withheld": self.withheld, "continues": len(self.older),
        }

    def check_end(self):
        if self.end is None:
            raise Found("checkpoint-missing")
        if self.end == "malformed":
            raise Found("checkpoint-malformed")
        if self.end["origin"] != self.head["origin"]:
            raise Found("origin-differs")
        if not keys_that_signed(self.end["note"], self.trusted):
            raise Found("checkpoint-unsigned")
        if self.head["scope"] == "extract":
            return
        if self.end["size"] > self.entries:
            raise Found("entries-missing", self.entries)
        if self.end["size"] < self.entries:
            raise Found("entries-unsigned", self.end["size"])
        if self.tree.root() != self.end["root"]:
            raise Found("root-differs")

    def check_older(self):
        is_extract = self.head["scope"] == "extract"
        for checkpoint, is_same in self.older:
            if not checkpoint or checkpoint["origin"] != self.head["origin"]:
                raise Found("older-checkpoint-malformed")
            if not keys_that_signed(checkpoint["note"], self.trusted):
                raise Found("older-checkpoint-unsigned")
            if checkpoint["size"] > self.end["size"]:
                raise Found("history-cut", self.end["size"])
            if is_extract and checkpoint["size"] != self.end["size"]:
                raise Found("history-not-shown")
            if not (checkpoint["root"] == self.end["root"] if is_extract else is_same):
                raise Found("history-differs")

    def compare_older(self):
        for older in self.older:
            if older[0] and older[0]["size"] == self.tree.size:
                older[1] = older[0]["root"] == self.tree.root()


def lines_of(path):
    with open(path, "rb") as file:
        while True:
            line = file.readline(LONGEST_LINE + 1)
            if not line:
                return
            if len(line) > LONGEST_LINE:
                raise OSError("a line is too long")
            yield line[:-1] if line.endswith(b"\n") else line


def read_keys(given):
    direct = parse_key(given)
    if direct:
        return [direct]
    with open(given, encoding="utf-8") as file:
        keys = [parse_key(line) for line in file if line.strip()]
    if not keys or None in keys:
        raise ValueError("%s is no public key of a ledger" % given)
    return keys


def verify(path, keys, older):
    verifier = Verifier(keys, older)
    try:
        for line in lines_of(path):
            verifier.take(line)
        return verifier.finish()
    except Found as found:
        return {"ok": False, "code": found.code, "sequence": found.sequence}


def main(arguments):
    files, key, older = [], None, []
    rest = list(arguments)
    while rest:
        argument = rest.pop(0)
        if argument in ("--key", "--checkpoint") and rest:
            if argument == "--key":
                key = rest.pop(0)
            else:
                older.append(rest.pop(0))
        else:
            files.append(argument)
    if len(files) != 1 or key is None:
        sys.stderr.write(__doc__)
        return 2
    try:
        notes = []
        for path in older:
            with open(path, encoding="utf-8", newline="") as file:
                notes.append(file.read())
        result = verify(files[0], read_keys(key), notes)
    except (OSError, ValueError) as error:
        sys.stderr.write("%s\n" % error)
        return 2
    print(json.dumps(result))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
