package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Launch starts nodes by a command of the user's: ssh, srun, mpirun, kubectl. Where
// they are placed is the business of that command. The command is run once for each node.
// The nodes end with the coordinator, also if it is killed, because their URL ends with
// /once (see [Access]): on another machine nothing else would end them.
type Launch struct {
	words []string
	hosts []string
	Say   func(line string) // is told when a command ends badly; nil tells nobody

	mu   sync.Mutex
	next int
}

// ParseLaunch reads a template and the machines for {host}, with commas between them:
//
//	ssh {host} ./bench -join {url}
//	ssh {host} ./bench -join -          (the URL, with the token, comes on standard input)
//	srun --ntasks 1 ./bench -join {url}
//	mpirun -n 1 --host {host} ./bench -join {url}
//	kubectl run amdahl-{i} --image IMAGE --restart Never --rm -i -- /bench -join {url}
//
// {host} is one machine after another, {url} where to join, and {i} the number of the
// node, from 1. The template is split into words at spaces; quotes ' and " keep words
// together, and a word can have one kind of quote within the other. No shell of this
// machine sees the words. ssh puts them together again for the shell of the other machine,
// so what is quoted for that shell has two pairs: ssh {host} "cd 'my dir' && ./bench -join {url}".
func ParseLaunch(template, hosts string) (*Launch, error) {
	words, err := splitWords(template)
	if err != nil {
		return nil, fmt.Errorf("remote: -launch %s: %w", template, err)
	}
	l := &Launch{words: words}
	for h := range strings.SplitSeq(hosts, ",") {
		h = strings.TrimSpace(h)
		if strings.HasPrefix(h, "-") {
			return nil, fmt.Errorf("remote: -hosts %s: %q is no name of a machine", hosts, h)
		}
		if h != "" {
			l.hosts = append(l.hosts, h)
		}
	}
	text := strings.Join(words, " ")
	switch {
	case len(words) == 0:
		return nil, errors.New("remote: -launch is empty: write a command, as in 'ssh {host} ./bench -join {url}'")
	case !strings.Contains(text, "{url}") && words[len(words)-1] != "-":
		return nil, fmt.Errorf("remote: -launch %s: it does not say where to join: add -join {url}, or -join - to read that from standard input", template)
	case !strings.Contains(text, "{host}") && l.hosts != nil:
		return nil, fmt.Errorf("remote: -launch %s: it has no place for the machines of -hosts %s: write {host}, as in 'ssh {host} ./bench -join {url}'", template, hosts)
	case strings.Contains(text, "{host}") && l.hosts == nil:
		return nil, fmt.Errorf("remote: -launch %s: name the machines for {host}: add -hosts one,two", template)
	}
	return l, nil
}

// Elsewhere lists the machines of a template with {host}, without this one.
func (l *Launch) Elsewhere() (hosts []string) {
	for _, h := range l.hosts {
		if ip := net.ParseIP(h); h != "localhost" && (ip == nil || !ip.IsLoopback()) {
			hosts = append(hosts, h)
		}
	}
	return hosts
}

// splitWords splits at spaces outside of quotes.
func splitWords(text string) (words []string, err error) {
	var word strings.Builder
	quote, begun := rune(0), false
	for _, c := range text {
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote, begun = c, true
		case quote == 0 && (c == ' ' || c == '\t' || c == '\n'):
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(c)
			begun = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a quote %c is not closed", quote)
	}
	if begun {
		words = append(words, word.String())
	}
	return words, nil
}

// command is the command of the next node.
func (l *Launch) command(url string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	host := ""
	if len(l.hosts) > 0 {
		host = l.hosts[l.next%len(l.hosts)]
	}
	l.next++
	places := strings.NewReplacer("{host}", host, "{url}", url, "{i}", strconv.Itoa(l.next))
	var words []string
	for _, w := range l.words {
		words = append(words, places.Replace(w))
	}
	return words
}

// launchGrace is how long a command may take to end after the coordinator has told the
// nodes to leave.
const launchGrace = 5 * time.Second

// Start starts the command for one node: it is a value of [Options.Start]. stop waits for
// its end, and kills it if that takes more than five seconds.
func (l *Launch) Start(ctx context.Context, url string) (stop func() error, err error) {
	url = strings.TrimSuffix(url, "/") + oncePart
	words := l.command(url)
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stdin = strings.NewReader(url + "\n")
	var stderr tail
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("-launch: %w", err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := cmd.Wait(); err != nil && l.Say != nil {
			text := fmt.Sprintf("%s: %v\n%s", strings.Join(words, " "), err, shown(stderr.text(), maxText))
			l.Say(strings.TrimSpace(strings.ReplaceAll(text, url, "{url}"))) // a shell's error can repeat the URL too
		}
	}()
	return func() error {
		late := time.AfterFunc(launchGrace, func() { _ = cmd.Process.Kill() })
		defer late.Stop()
		<-ended
		return nil
	}, nil
}

// A tail keeps the end of what is written.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf.Write(p)
	if over := t.buf.Len() - maxText; over > 0 {
		t.buf.Next(over)
	}
	return len(p), nil
}

func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}
