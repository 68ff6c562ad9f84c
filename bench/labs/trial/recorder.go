package trial

// recorder is the file that makes a test process write its record. It belongs to
// the package of the tests, whose variable record it sets; student code is in another
// package and cannot reach it.
const recorder = `package PACKAGE_test

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"testing"
)

func TestMain(m *testing.M) {
	path, nonce := os.Getenv("AMDAHL_RECORD"), os.Getenv("AMDAHL_NONCE")
	os.Unsetenv("AMDAHL_NONCE")
	os.Unsetenv("AMDAHL_RECORD")
	var mu sync.Mutex
	written := false
	write := func(passed bool, cause, text string) {
		mu.Lock()
		defer mu.Unlock()
		if written || path == "" {
			return
		}
		written = true
		data, err := json.Marshal(map[string]any{"nonce": nonce, "passed": passed, "cause": cause, "text": text})
		if err == nil {
			err = os.WriteFile(path, data, 0o600)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "record:", err)
		}
	}
	record = func(cause, text string) { write(false, cause, text) }
	debug.SetMaxStack(64 << 20) // endless recursion ends before the memory does
	status := m.Run()
	if status == 0 {
		write(true, "", "")
	} else {
		write(false, "failed", "The test failed.")
	}
	os.Exit(status)
}
`
