package view

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"amdahl/results/report/page"
)

// Options say what is served. Files and Page are needed.
type Options struct {
	// Files are the paths of the files that the page is made of. They need not
	// exist yet.
	Files []string
	// Title is that of the page which says that there is nothing to show yet.
	Title string
	// Page writes the page of what the files hold now. version is what
	// [page.Page.Live] is to be. An error is shown instead of the page. Page is not
	// called twice at a time.
	Page func(ctx context.Context, w io.Writer, version string) error

	// Every is how often the files are looked at; 0 is four times a second.
	Every time.Duration
	// Settle is how long a file must not have changed for its last line to count
	// although it has no line break; 0 is two seconds.
	Settle time.Duration
	// Rest is the least time between two calls for a new page; it grows with what a
	// page costs. 0 is one second.
	Rest time.Duration
}

// A Server serves one page. It is safe for concurrent use.
type Server struct {
	o      Options
	listen net.Listener
	host   string // "127.0.0.1:43210"
	token  string
	files  *follower

	mu      sync.Mutex
	version uint64
	changed chan struct{} // closed when version grows
	cost    time.Duration // of the last page
	streams int           // open

	once   sync.Once
	ending chan struct{} // closed when the server ends

	making sync.Mutex // holds made
	made   struct {
		version uint64
		text    []byte
	}
}

// mostStreams is how many pages may follow at once.
const mostStreams = 100

// New listens on a free port of 127.0.0.1. The caller calls [Server.Run], which ends
// the listening.
func New(o Options) (*Server, error) {
	if o.Every == 0 {
		o.Every = 250 * time.Millisecond
	}
	if o.Settle == 0 {
		o.Settle = 2 * time.Second
	}
	if o.Rest == 0 {
		o.Rest = time.Second
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("view: listening on the loopback address: %w", err)
	}
	return &Server{
		o: o, listen: l, host: l.Addr().String(), token: rand.Text(), files: newFollower(o.Files, o.Settle),
		version: 1, changed: make(chan struct{}), ending: make(chan struct{}),
	}, nil
}

// URL is the address of the page.
func (s *Server) URL() string { return "http://" + s.host + "/" + s.token + "/" }

// Open gives what a file of the options holds now, in whole lines. The caller closes
// it.
func (s *Server) Open(path string) (io.ReadCloser, error) { return s.files.open(path) }

// Run serves until ctx ends. It then tells open pages, closes their streams and the
// port, and returns nil; else an error that names what failed.
func (s *Server) Run(ctx context.Context) error {
	server := &http.Server{
		Handler:           s.guard(http.HandlerFunc(s.serve)),
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	defer context.AfterFunc(ctx, s.stop)()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(s.listen) }()
	look := time.NewTicker(s.o.Every)
	defer look.Stop()
	for {
		select {
		case err := <-failed:
			s.stop()
			return fmt.Errorf("view: serving %s: %w", s.URL(), err)
		case <-look.C:
			if s.files.look() {
				s.grow()
			}
			continue
		case <-ctx.Done():
		}
		s.stop()
		last, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if err := server.Shutdown(last); err != nil {
			server.Close()
		}
		<-failed
		return nil
	}
}

// stop ends the streams and what makes a page.
func (s *Server) stop() { s.once.Do(func() { close(s.ending) }) }

// grow begins a new version and wakes the streams.
func (s *Server) grow() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	close(s.changed)
	s.changed = make(chan struct{})
}

// now is the version, and what is closed when it grows.
func (s *Server) now() (version uint64, changed <-chan struct{}, rest time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.version, s.changed, max(s.o.Rest, 5*s.cost)
}

// page is the page of the present version. It is made once for each.
func (s *Server) page(ctx context.Context) []byte {
	s.making.Lock()
	defer s.making.Unlock()
	version, _, _ := s.now()
	if s.made.version == version {
		return s.made.text
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-s.ending:
			cancel()
		case <-ctx.Done():
		}
	}()
	var b bytes.Buffer
	begin := time.Now()
	text := strconv.FormatUint(version, 10)
	err := s.o.Page(ctx, &b, text)
	if ctx.Err() != nil {
		return nil // the page of somebody who has gone
	}
	s.mu.Lock()
	s.cost = time.Since(begin)
	s.mu.Unlock()
	s.made.version, s.made.text = version, b.Bytes()
	if err != nil {
		s.made.text = page.Waiting(s.o.Title, err.Error(), text)
	}
	return s.made.text
}

// serve answers a request that may be answered.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/" + s.token + "/":
		text := s.page(r.Context())
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		w.Write(text)
	case "/" + s.token + "/events":
		s.events(w, r)
	default:
		refuse(w, http.StatusNotFound)
	}
}

// events tells a page that has a version when there is another one.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	have, err := strconv.ParseUint(r.URL.Query().Get("have"), 10, 64)
	if err != nil || r.Method != http.MethodGet {
		refuse(w, http.StatusNotFound)
		return
	}
	s.mu.Lock()
	full := s.streams >= mostStreams
	if !full {
		s.streams++
	}
	s.mu.Unlock()
	if full {
		refuse(w, http.StatusServiceUnavailable)
		return
	}
	defer func() {
		s.mu.Lock()
		s.streams--
		s.mu.Unlock()
	}()
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	say := func(text string) bool {
		_, err := io.WriteString(w, text)
		return err == nil && out.Flush() == nil
	}
	if !say("retry: 1000\n\n") {
		return
	}
	begin := time.Now()
	beat := time.NewTicker(20 * time.Second) // a stream whose reader has gone fails
	defer beat.Stop()
	for {
		version, changed, rest := s.now()
		var due <-chan time.Time
		if version != have {
			changed = nil
			due = time.After(rest - time.Since(begin))
		}
		select {
		case <-s.ending:
			say("event: end\ndata: -\n\n")
			return
		case <-r.Context().Done():
			return
		case <-changed:
		case <-beat.C:
			if !say(": still here\n\n") {
				return
			}
		case <-due:
			version, _, _ = s.now()
			if !say(fmt.Sprintf("event: changed\nid: %d\ndata: %[1]d\n\n", version)) {
				return
			}
			have, begin = version, time.Now()
		}
	}
}
