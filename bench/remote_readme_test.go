package bench

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// fenced returns the text of the first code block of a language in a file, below a line.
func fenced(t *testing.T, file, below, language string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, text, ok := strings.Cut(string(data), below+"\n")
	if !ok {
		t.Fatalf("%s has no line %q", file, below)
	}
	_, text, ok = strings.Cut(text, "\n```"+language+"\n")
	if !ok {
		t.Fatalf("%s has no block of %q below %q", file, language, below)
	}
	text, _, _ = strings.Cut(text, "\n```")
	return text
}

// The three commands of README's "More than one machine" do what they say, with this
// program in place of bin/bench, loopback in place of the address, and few tasks.
func TestReadmeCommands(t *testing.T) {
	t.Parallel()
	var commands [][]string
	for line := range strings.SplitSeq(fenced(t, "../README.md", "## More than one machine", ""), "\n") {
		line, _, _ = strings.Cut(line, " #")
		if words := strings.Fields(line); len(words) > 0 {
			commands = append(commands, words)
		}
	}
	if len(commands) != 3 || !slices.Equal(commands[0], []string{"make", "build"}) || commands[1][0] != "bin/bench" || commands[2][0] != "bin/bench" {
		t.Fatalf("the commands are %q, want make build, and bin/bench twice", commands)
	}
	measure := strings.Join(commands[1][1:], " ")
	address := regexp.MustCompile(`-listen (\S+)`).FindStringSubmatch(measure)
	if address == nil {
		t.Fatalf("%s: there is no -listen", measure)
	}
	join := commands[2][len(commands[2])-1]
	if want := "nats://node:TOKEN@" + address[1] + "/main"; join != want {
		t.Errorf("the others join at %s, want %s", join, want)
	}
	args := strings.Fields(strings.Replace(measure, address[1], "127.0.0.1:0", 1))
	c := startBench(t, append(args, "-test.benchtime", "1x", "-tasks", "20")...)
	url := joinURL(c)
	if pattern := `^nats://node:[A-Z2-7]+@127\.0\.0\.1:[0-9]+/main$`; !regexp.MustCompile(pattern).MatchString(url) {
		t.Errorf("the printed URL is %s, which README writes as %s", url, join)
	}
	var workers []*command
	for range 2 {
		workers = append(workers, startBench(t, "-join", url))
	}
	c.await(`^BenchmarkStrong/workload=spin/strategy=remote/.*/nodes=2/workers=2`)
	c.await(`^BenchmarkStrong/workload=spin/strategy=remote/.*/nodes=2/workers=4`)
	c.ends(0)
	for _, w := range workers {
		w.await("waiting for a coordinator")
	}
}

// The compose file of the README is valid, and its two commands measure: with this program
// in place of the mounted one, and loopback in place of the network of the containers.
func TestReadmeCompose(t *testing.T) {
	t.Parallel()
	var file struct {
		Services map[string]struct {
			Image       string
			Volumes     []string
			Environment map[string]string
			DependsOn   []string `yaml:"depends_on"`
			Command     string
		}
	}
	text := fenced(t, "../pools/remote/README.md", "### In containers", "yaml")
	dec := yaml.NewDecoder(strings.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		t.Fatalf("the compose file: %v", err)
	}
	coordinator, worker := file.Services["coordinator"], file.Services["worker"]
	if len(file.Services) != 2 || !slices.Equal(worker.DependsOn, []string{"coordinator"}) {
		t.Fatalf("services %v, want a coordinator and a worker that depends on it", file.Services)
	}
	for name, s := range file.Services {
		if s.Image != "debian:stable-slim" || !slices.Equal(s.Volumes, []string{"./bin:/bin/amdahl:ro"}) || !strings.HasPrefix(s.Command, "/bin/amdahl/bench ") {
			t.Errorf("%s: image %s, volumes %v, command %s: want a plain Debian with the program of bin/", name, s.Image, s.Volumes, s.Command)
		}
	}
	token := coordinator.Environment[tokenVar]
	if token == "" {
		t.Fatalf("the coordinator gets no %s", tokenVar)
	}
	listen := strings.Replace(coordinator.Command, " 0.0.0.0:4222 ", " 127.0.0.1:0 ", 1)
	if listen == coordinator.Command {
		t.Fatalf("the coordinator does not listen at 0.0.0.0:4222: %s", coordinator.Command)
	}
	c := startWith(t, benchExe(t), []string{tokenVar + "=" + token}, append(strings.Fields(listen)[1:], "-test.benchtime", "1x", "-tasks", "20")...)
	url := joinURL(c)
	address := regexp.MustCompile(`@([^/]+)/`).FindStringSubmatch(url)[1]
	join := strings.Fields(strings.Replace(worker.Command, "coordinator:4222", address, 1))[1:]
	if !slices.Equal(join, []string{"-join", url}) {
		t.Errorf("the worker does %q, and is to -join %s", join, url)
	}
	startBench(t, join...)
	c.await(`^BenchmarkStrong/workload=spin/strategy=remote/.*/workers=2`)
	c.ends(0)
}
