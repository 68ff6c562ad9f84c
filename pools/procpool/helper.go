package procpool

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"syscall"
	"time"
)

// helperGrace is how long a helper may take to end before it is killed.
const helperGrace = 2 * time.Second

// StartHelper starts a child of this program in a role given to
// [ServeIfWorker], waits until it is ready, and returns the line that it said
// then. ctx bounds the start only.
//
// The caller calls stop, which asks the helper to end, kills it if that takes
// more than two seconds, and waits until it is gone. The error of stop says
// that the helper had died before, or did not end well; a second call gives
// the same. The helper ends with this process in any case.
func StartHelper(ctx context.Context, role, arg string) (ready string, stop func() error, err error) {
	depth, err := mayStart()
	if err != nil {
		return "", nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return "", nil, fmt.Errorf("procpool: helper %s: %w", role, err)
	}
	l := &launcher{}
	c, err := launch(l, workerEnv(nil, depth+1, 0), []string{"helper", url.QueryEscape(role), url.QueryEscape(arg)}, []*os.File{w}, nil, nil)
	w.Close()
	if err != nil {
		r.Close()
		l.stop()
		return "", nil, err
	}
	stop = sync.OnceValue(func() error {
		select {
		case <-c.exited:
			err = fmt.Errorf("procpool: helper %s had died: %w", role, c.death())
		default:
			c.lifeline.Close()
			late := time.AfterFunc(helperGrace, func() { c.signal(syscall.SIGKILL) })
			<-c.exited
			late.Stop()
			if d := c.death(); d.ExitCode != 0 {
				err = fmt.Errorf("procpool: helper %s did not end well: %w", role, d)
			}
		}
		c.close()
		r.Close()
		l.stop()
		return err
	})
	abort := context.AfterFunc(ctx, func() { c.signal(syscall.SIGKILL) })
	line, err := readLine(r)
	if !abort() {
		err = context.Cause(ctx)
	}
	if err == nil {
		return line, stop, nil
	}
	if ctx.Err() == nil {
		<-c.exited
		err = fmt.Errorf("it ended before it was ready: %w", c.death())
	}
	startErr := fmt.Errorf("procpool: helper %s: %w", role, err)
	stop()
	return "", nil, startErr
}

// readLine reads what the helper said: a length and that many bytes.
func readLine(r *os.File) (string, error) {
	var size [4]byte
	if _, err := readFull(r, size[:]); err != nil {
		return "", err
	}
	b := make([]byte, min(binary.LittleEndian.Uint32(size[:]), 1<<20))
	_, err := readFull(r, b)
	return string(b), err
}

func readFull(r *os.File, b []byte) (n int, err error) {
	for n < len(b) {
		m, err := r.Read(b[n:])
		n += m
		if err != nil {
			return n, errors.Join(errHangup, err)
		}
	}
	return n, nil
}

// help serves in a role until the lifeline ends.
func help(role, arg string, lifeline, say *os.File, roles []Role) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		lifeline.Read(make([]byte, 1))
		cancel()
		time.Sleep(helperGrace)
		os.Exit(1)
	}()
	for _, r := range roles {
		if r.Name != role {
			continue
		}
		var once sync.Once
		err := r.Helper(ctx, arg, func(line string) {
			once.Do(func() {
				say.Write(append(binary.LittleEndian.AppendUint32(nil, uint32(len(line))), line...))
				say.Close()
			})
		})
		if err != nil && ctx.Err() == nil {
			fmt.Fprintf(os.Stderr, "helper %s: %v\n", role, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	fmt.Fprintf(os.Stderr, "procpool: no role %q: give it to ServeIfWorker\n", role)
	os.Exit(2)
}
