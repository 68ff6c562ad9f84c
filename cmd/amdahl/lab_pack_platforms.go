package main

import "strings"

// expand puts the name of the lab into a text.
func (p *pack) expand(text string) string {
	return strings.NewReplacer("LAB", p.lab.Name, "TITLE", p.lab.Title).Replace(text)
}

// packGradescope: setup.sh runs when the image is built, run_autograder for each
// submission, as root. AUTOGRADER names another folder than /autograder in tests,
// which make no user.
func packGradescope(p *pack) error {
	p.add("setup.sh", p.expand(`#!/usr/bin/env bash
# Runs once, when the image is built: makes the user for student code, closes the
# tests to it, and fills the build cache.
set -euo pipefail
root=${AUTOGRADER:-/autograder}
source=$root/source
if [ "$(id -u)" = 0 ] && [ -z "${AUTOGRADER:-}" ]; then
  id -u student >/dev/null 2>&1 || useradd --no-create-home --shell /usr/sbin/nologin student || true
fi
chmod 755 "$source/grade" "$source/run_autograder"
chmod -R o= "$source/labs"
mkdir -p "$source/cache"
"$source/grade" --warm
`), 0o755)
	p.add("run_autograder", p.expand(`#!/usr/bin/env bash
# Grades one submission. Needs no network.
root=${AUTOGRADER:-/autograder}
mkdir -p "$root/results"
chmod o= "$root/results" "$root/source" 2>/dev/null || true
"$root/source/grade" --lab LAB --format gradescope --metadata "$root/submission_metadata.json" \
  -o "$root/results/results.json" "$root/submission"
exit 0 # the result says what happened
`), 0o755)
	p.add("README.txt", p.expand(`Lab "TITLE" for Gradescope

1. Create a Programming Assignment, and set its points to those that amdahl lab list prints.
2. Upload this archive under Configure Autograder. Building takes a few minutes: it fills a build cache.
3. Students hand in the one file that "amdahl lab submit" writes.

Gradescope has no way to leave a submission out. When a run cannot tell ("measure
again"), the score of the student's previous submission is kept, if there is one, and the
output says so. Notes for the lecturer are in the standard output, which students do not see.
Student code runs as the user "student", who cannot read the tests or write the result.
`), 0o644)
	return nil
}

// packClassroom50: the bundle of an autograder, at most 10 MiB. Go is brought by the
// assignment's runtime. Everybody who has the address can read it.
func packClassroom50(p *pack) error {
	p.add("autograder.py", p.expand(`# Starts the grader; Classroom 50 runs this in the student's checkout.
import os
import shutil
import subprocess
import sys
import tempfile

bundle = os.environ.get("CLASSROOM50_BUNDLE_DIR") or os.path.dirname(os.path.abspath(__file__))
keep = ("PATH", "HOME", "CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL", "REVIEW_URL", "GOCACHE", "GOROOT", "TMPDIR")
env = {k: v for k, v in os.environ.items() if k in keep}
with tempfile.TemporaryDirectory() as tools:
    # A copy: an upload may have lost the executable bit.
    grade = shutil.copy(os.path.join(bundle, "grade"), tools)
    os.chmod(grade, 0o755)
    shutil.copytree(os.path.join(bundle, "labs"), os.path.join(tools, "labs"))
    sys.exit(subprocess.run([grade, "--lab", "LAB", "--no-race", "--format", "classroom50", "-o", "result.json", "."], env=env).returncode)
`), 0o644)
	p.add("README.txt", p.expand(`Lab "TITLE" for Classroom 50

1. Unpack this archive into CLASSROOM/autograders/ASSIGNMENT/ of the teacher repository, and commit it.
2. Set "runtime": {"go": "1.26"} for the assignment, and "release_assets": ["figure.svg"]; no tests.json.
3. Students commit the folder of the lab, or the one file that "amdahl lab submit" writes.

A run that cannot tell ends the grader with a status other than 0: the score that was there stays.
The bundle lies on a public page, so hidden tests can be read there, and student code runs as the
same user as the grader: the list of allowed imports is what keeps it from files.
Each grading compiles Go's library, which takes up to a minute on half a processor. The race detector, which
would double that, is left out: races are looked for by switching between goroutines at many places.
`), 0o644)
	return nil
}

// packPrairieLearn: an image that is built from the archive. GRADE names another folder
// than /grade in tests.
func packPrairieLearn(p *pack) error {
	p.add("Dockerfile", p.expand(`# docker build --platform linux/amd64 -t NAME/amdahl-LAB .
FROM debian:stable-slim
COPY . /amdahl
RUN useradd --no-create-home --shell /usr/sbin/nologin student \
 && chmod 755 /amdahl/grade /amdahl/entrypoint.sh \
 && chmod -R o= /amdahl/labs \
 && mkdir /amdahl/cache && /amdahl/grade --warm
CMD ["/amdahl/entrypoint.sh"]
`), 0o644)
	p.add("entrypoint.sh", p.expand(`#!/bin/sh
# Grades what is in /grade/student. Always ends with 0: any other status would be "not gradable".
root=${GRADE:-/grade}
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
mkdir -p "$root/results"
chmod o= "$root/results" "$root/tests" 2>/dev/null || true
"$here/grade" --lab LAB --format prairielearn -o "$root/results/results.json" "$root/student"
exit 0
`), 0o755)
	p.add("info.json", p.expand(`{
 "title": "Lab: TITLE",
 "topic": "Parallel computing",
 "type": "v3",
 "singleVariant": true,
 "gradingMethod": "External",
 "externalGradingOptions": {"enabled": true, "image": "NAME/amdahl-LAB", "timeout": 120, "enableNetworking": false}
	return nil
}
`), 0o644)
	p.add("question.html", p.expand(`<pl-question-panel>
 <p>Hand in the file <code>submission.json</code> that <code>amdahl lab submit</code> writes.</p>
 <pl-file-upload file-names="submission.json"></pl-file-upload>
</pl-question-panel>
<pl-submission-panel>
 <pl-external-grader-results></pl-external-grader-results>
</pl-submission-panel>
`), 0o644)
	p.add("README.txt", p.expand(`Lab "TITLE" for PrairieLearn

1. Unpack this archive, and build and push the image: docker build --platform linux/amd64 -t NAME/amdahl-LAB .
2. Copy info.json and question.html into a question's folder; give info.json a "uuid", and your image's name.
3. Students upload the one file that "amdahl lab submit" writes.

A run that cannot tell is "gradable": false, which costs no attempt. The container needs no network.
Student code runs as the user "student", who cannot read the tests or write the result.
`), 0o644)
	return nil
}
