package remote

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestExamine(t *testing.T) {
	h := newHub(t, sleeping, Options{})
	everything := Access{URL: h.server.url(coordinatorUser, h.server.addr(), h.session)}
	tests := []struct {
		name    string
		program Program
		access  Access
		want    []string
		err     string
	}{
		{"coordinator's rights", sleeping, everything, []string{"this program protocol version 1, test, catalogue sleep\n", "reachable    yes, in ", "nats-server 2.", "not encrypted", "round trip", "jetstream    yes", "the server's is ", `session "main", protocol version 1`, "build        the same: test"}, ""},
		{"node's rights", sleeping, Access{URL: h.URL()}, []string{"not visible with these rights (a node needs no more)\n", "the coordinator's is "}, ""},
		{"another session", sleeping, Access{URL: strings.Replace(everything.URL, "/main", "/mine", 1)}, []string{`none in session "mine"`}, ""},
		{"another build", Program{Build: "older"}, Access{URL: h.URL()}, []string{"coordinator"}, `the coordinator would refuse this program: the coordinator is "test" and the node "older"`},
		{"no server", sleeping, Access{URL: "nats://127.0.0.1:1"}, nil, "is a server running there"},
		{"no URL", sleeping, Access{URL: "http://x"}, nil, "write nats://host:4222"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), limit)
			defer cancel()
			var b strings.Builder
			err := Examine(ctx, tt.program, tt.access, &b)
			if tt.err == "" && err != nil || tt.err != "" && !contains(err, tt.err) {
				t.Errorf("got %v, want %q", err, tt.err)
			}
			for _, want := range tt.want {
				if !strings.Contains(b.String(), want) {
					t.Errorf("got\n%swant %q in it", &b, want)
				}
			}
			if strings.Contains(b.String(), h.server.token) || strings.Contains(b.String(), h.server.secret) {
				t.Error("a token is shown")
			}
		})
	}
}

func TestDifference(t *testing.T) {
	at := time.Unix(1000, 0)
	for ahead, want := range map[time.Duration]string{
		3 * time.Second: "the server's is 3s ahead, give or take 1ms", -time.Millisecond: "the server's is 1ms behind, give or take 1ms", 0: "the server's is 0s ahead, give or take 1ms",
		-47 * time.Hour: "the server's is 47.0 hours behind, give or take 1ms", 49 * time.Hour: "the server's is 2 days ahead, give or take 1ms",
	} {
		if got := difference("the server's", at, at.Add(time.Millisecond+ahead), at.Add(2*time.Millisecond)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A clock that stands at the year 1 is as far behind as can be said.
func TestDifferenceOfCenturies(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if got := difference("the server's", at, time.Time{}, at); !strings.HasPrefix(got, "the server's is 106752 days behind") {
		t.Errorf("got %q", got)
	}
}

func TestAccess(t *testing.T) {
	for _, tt := range []struct{ url, server, session, err string }{
		{"nats://a:4222", "nats://a:4222", "main", ""},
		{"tls://u:p@a/mine", "tls://u:p@a", "mine", ""},
		{"nats://token@a:1/x-1/", "nats://token@a:1", "x-1", ""},
		{"nats://a/x/once", "nats://a", "x", ""},
		{"nats://a/once", "nats://a", "once", ""},
		{"nats://a/x/twice", "", "", "use at most 64 letters"},
		{"nats://a/b.c", "", "", "use at most 64 letters"},
		{"nats://a/>", "", "", "use at most 64 letters"},
		{"a:4222", "", "", "no URL of a NATS server"},
		{"nats://", "", "", "no URL of a NATS server"},
		{"nats://a:b:secret@%zz", "", "", "cannot be read"},
	} {
		server, session, err := Access{URL: tt.url}.parse()
		if server != tt.server || session != tt.session || tt.err == "" && err != nil || tt.err != "" && !contains(err, tt.err) || contains(err, "secret") {
			t.Errorf("%s: got %s, %s, %v, want %s, %s, %q", tt.url, server, session, err, tt.server, tt.session, tt.err)
		}
	}
	if got := (Access{URL: "nats://token@a/s"}).Redacted(); strings.Contains(got, "token") {
		t.Errorf("Redacted shows the token: %s", got)
	}
	for url, want := range map[string]string{"nats://a": "a:4222", "tls://u:p@a:1/s": "a:1", "nats://t@b/s": "b:4222"} {
		if got := hostOf(url); got != want {
			t.Errorf("hostOf(%s) = %s, want %s", url, got, want)
		}
	}
	if got := replaceHost("tls://u:p@a:1", "127.0.0.1:9"); got != "tls://u:p@127.0.0.1:9" {
		t.Errorf("replaceHost: %s", got)
	}
}
