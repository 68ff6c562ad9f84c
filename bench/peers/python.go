package main

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

//go:embed peers.py
var script []byte

// pythons is the standard library of whatever python3 is there.
func pythons() []peer {
	if pythonVersion() == "" {
		return nil
	}
	var out []peer
	for _, kind := range []string{"pool", "futures"} {
		out = append(out, workload("python-"+kind, func(ctx context.Context, p peer) (func(int) (time.Duration, error), func(), error) {
			return openPython(ctx, p, kind)
		})...)
	}
	return out
}

func pythonVersion() string {
	b, _ := exec.Command("python3", "-c", "import platform; print(platform.python_version())").Output()
	return strings.TrimSpace(string(b))
}

// openPython starts a Python for one case, which times itself.
func openPython(ctx context.Context, p peer, kind string) (func(int) (time.Duration, error), func(), error) {
	f, err := os.CreateTemp("", "peers-*.py")
	if err != nil {
		return nil, nil, err
	}
	f.Write(script)
	f.Close()
	cmd := exec.CommandContext(ctx, "python3", f.Name())
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	lines := bufio.NewReader(out)
	run := func(n int) (time.Duration, error) {
		fmt.Fprintf(in, "%s %s %d %d\n", kind, p.op, p.workers, n)
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			err = fmt.Errorf("python3 ended")
		}
		if err != nil {
			return 0, err
		}
		s, err := strconv.ParseFloat(strings.TrimSpace(line), 64)
		return time.Duration(s * 1e9), err
	}
	stop := func() {
		in.Close()
		cmd.Wait()
		os.Remove(f.Name())
	}
	return run, stop, nil
}
