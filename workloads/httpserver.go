package workloads

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"time"
)

// ServeHTTP is the server of [HTTP], for the entry of a child process. It
// listens on addr, which must be on the loopback interface (port 0 takes a
// free one), calls ready once with the address it got, and serves until ctx
// ends; then it drops all connections and returns nil. Each request waits on
// a timer of its own, so there may be thousands.
func ServeHTTP(ctx context.Context, addr string, ready func(line string)) error {
	if err := loopback(addr); err != nil {
		return fmt.Errorf("workloads: http server: %w", err)
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("workloads: http server: %w", err)
	}
	return serve(ctx, listener, ready)
}

func serve(ctx context.Context, listener net.Listener, ready func(line string)) error {
	server := &http.Server{
		Handler:     handler(),
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    log.New(io.Discard, "", 0), // the client sees its errors
	}
	closed := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() { closed <- server.Close() })
	ready(listener.Addr().String())
	err := server.Serve(listener)
	if !stop() { // ctx ended
		if errors.Is(err, http.ErrServerClosed) {
			err = nil
		}
		err = errors.Join(err, <-closed)
	}
	if err != nil {
		return fmt.Errorf("workloads: http server: %w", err)
	}
	return nil
}

// handler answers GET /wait/MICROSECONDS/seed/SEED/task/TASK. All that an
// answer depends on is in the request, so one server does for all sizes and
// seeds.
func handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /wait/{wait}/seed/{seed}/task/{task}", func(w http.ResponseWriter, r *http.Request) {
		wait, err1 := strconv.ParseUint(r.PathValue("wait"), 10, 31)
		seed, err2 := strconv.ParseUint(r.PathValue("seed"), 10, 64)
		task, err3 := strconv.Atoi(r.PathValue("task"))
		if err := errors.Join(err1, err2, err3); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if pause(r.Context(), time.Duration(wait)*time.Microsecond) != nil {
			return // nobody waits for the answer
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Write(answer(seed, task)) // an error is the client's to see
	})
	return mux
}
