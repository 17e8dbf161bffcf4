// Package lines reads commands and writes what is told, one JSON object in each line: support/program.ts says how.
package lines

import (
	"bufio"
	"encoding/json"
	"os"
	"sync"
)

// Command is one command; each kind has only some of the fields.
type Command struct {
	ID           int      `json:"id"`
	Client       string   `json:"client"`
	Do           string   `json:"do"`
	Host         string   `json:"host"`
	Codec        string   `json:"codec"`
	Timeout      int      `json:"timeout"`
	MaxPingDelay int      `json:"maxPingDelay"`
	Tokens       []string `json:"tokens"`
	Channel      string   `json:"channel"`
	Data         string   `json:"data"`
	JoinLeave    bool     `json:"joinLeave"`
	Method       string   `json:"method"`
	Limit        int32    `json:"limit"`
	Reverse      bool     `json:"reverse"`
	URL          string   `json:"url"`
	Key          string   `json:"key"`
	User         string   `json:"user"`
	Channels     []string `json:"channels"`
	Pattern      string   `json:"pattern"`
	Since        *struct {
		Offset uint64 `json:"offset"`
		Epoch  string `json:"epoch"`
	} `json:"since"`
}

// Facts are the fields of a line.
type Facts map[string]any

var mutex sync.Mutex

// Write writes one line.
func Write(facts Facts) {
	mutex.Lock()
	defer mutex.Unlock()
	if err := json.NewEncoder(os.Stdout).Encode(facts); err != nil {
		panic(err)
	}
}

// Serve has each command of the input carried out. None waits for another.
func Serve(obey func(Command) (any, error), codeOf func(error) int) {
	input := bufio.NewReader(os.Stdin)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		go func() {
			var command Command
			if err := json.Unmarshal(line, &command); err != nil {
				panic(err)
			}
			result, err := obey(command)
			if err != nil {
				Write(Facts{"id": command.ID, "error": Facts{"code": codeOf(err), "message": err.Error()}})
				return
			}
			Write(Facts{"id": command.ID, "result": result})
		}()
	}
}
