package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"amdahl/bench/labs"
)

// The command that students have holds no line of a hidden test, an answer or a solution.
func TestLabSecretsNotInCommand(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the command")
	}
	t.Parallel()
	file := filepath.Join(t.TempDir(), "amdahl.exe")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", file, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	binary, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range labs.Names {
		l := secretLabs(t, name)
		if handout, err := l.Handout(); err != nil || !bytes.Contains(binary, handout) {
			t.Errorf("%s: the handout is not found, so this test would find nothing: %v", name, err)
		}
		hidden, err := l.Hidden()
		if err != nil {
			t.Fatal(err)
		}
		answers, err := l.Answers()
		if err != nil {
			t.Fatal(err)
		}
		secrets := []string{}
		for _, text := range hidden {
			for line := range strings.Lines(string(text)) {
				if len(line) > 60 {
					secrets = append(secrets, strings.TrimSpace(line))
				}
			}
		}
		for _, a := range answers.Answers {
			secrets = append(secrets, a.Because)
		}
		for _, s := range secrets {
			if bytes.Contains(binary, []byte(s)) {
				t.Errorf("%s: the command holds %q", name, s)
			}
		}
		if len(secrets) < 3 {
			t.Errorf("%s: only %d secrets were looked for", name, len(secrets))
		}
	}
}
