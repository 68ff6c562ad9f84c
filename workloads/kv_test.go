package workloads

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// fakeRedis answers SET and GET as a Redis server does, but for what spoil says
// of an answer, until the end of the test. It returns its socket.
func fakeRedis(t *testing.T, spoil func(answer string) string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "kv") // t.TempDir may be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	t.Cleanup(func() {
		listener.Close()
		serving.Wait()
		os.RemoveAll(dir)
	})
	var mu sync.Mutex
	values := map[string]string{}
	serve := func(c net.Conn) {
		defer c.Close()
		in := bufio.NewReader(c)
		for {
			words, err := readCommand(in)
			if err != nil {
				return
			}
			answer := "-ERR unknown command\r\n"
			mu.Lock()
			switch {
			case words[0] == "SET" && len(words) == 3:
				values[words[1]] = words[2]
				answer = "+OK\r\n"
			case words[0] == "GET" && len(words) == 2:
				answer = "$-1\r\n"
				if v, ok := values[words[1]]; ok {
					answer = fmt.Sprintf("$%d\r\n%s\r\n", len(v), v)
				}
			}
			mu.Unlock()
			if spoil != nil {
				answer = spoil(answer)
			}
			if _, err := io.WriteString(c, answer); err != nil {
				return
			}
		}
	}
	serving.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { serve(c) })
		}
	})
	return listener.Addr().String()
}

// readCommand reads an array of strings.
func readCommand(in *bufio.Reader) ([]string, error) {
	number := func(kind byte) (int, error) {
		line, err := in.ReadString('\n')
		if err != nil || line[0] != kind {
			return 0, fmt.Errorf("%q: %w", line, io.ErrUnexpectedEOF)
		}
		return strconv.Atoi(strings.TrimSpace(line[1:]))
	}
	n, err := number('*')
	if err != nil {
		return nil, err
	}
	words := make([]string, n)
	for i := range words {
		size, err := number('$')
		if err != nil {
			return nil, err
		}
		b := make([]byte, size+2)
		if _, err := io.ReadFull(in, b); err != nil {
			return nil, err
		}
		words[i] = string(b[:size])
	}
	return words, nil
}

// The job sets and gets, keeps its connections, and closes them.
func TestKV(t *testing.T) {
	o := Options{Addr: fakeRedis(t, nil), Size: 3000}
	job := open(t, KV, o)
	var running sync.WaitGroup
	sums := make([]uint64, 40)
	for i := range sums {
		running.Go(func() { sums[i] = do(t, job, i%10) })
	}
	running.Wait()
	for i, sum := range sums {
		if sum != sums[i%10] || sum == 0 || i%10 > 0 && sum == sums[0] {
			t.Errorf("task %d has sum %#x, another time %#x", i%10, sum, sums[i%10])
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := job.Do(ctx, 0); err != context.Canceled {
		t.Errorf("cancelled before: %v, want %v", err, context.Canceled)
	}
	if sum := do(t, job, 3); sum != sums[3] {
		t.Errorf("after that the sum is %#x, want %#x", sum, sums[3])
	}
}

// What is not right is an error that says so, and the next task has a new
// connection.
func TestKVSpoilt(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(string) string
		want  string
	}{
		{"none", func(a string) string {
			if a[0] == '$' {
				return "$-1\r\n"
			}
			return a
		}, "other bytes than were set"},
		{"an error", func(string) string { return "-OOM out of memory\r\n" }, "SET: the server says: OOM out of memory"},
		{"no answer of Redis", func(string) string { return "HTTP/1.1 400\r\n" }, "is it a Redis server?"},
		{"a size that cannot be", func(string) string { return "$99999999999\r\n" }, "is it a Redis server?"},
	} {
		job := open(t, KV, Options{Addr: fakeRedis(t, tt.spoil), Size: 8})
		for range 2 {
			if _, err := job.Do(t.Context(), 1); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
			}
		}
	}
	if _, err := KV.Open(Options{}); err == nil || !strings.Contains(err.Error(), "Prepare") {
		t.Errorf("without an address: %v, want what to do", err)
	}
}
