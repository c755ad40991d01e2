// Counts the words of {"text": "…"} and remembers how many texts it has seen: {"words": 3, "texts": 1}
//
// A WASI command: an ordinary program that reads JSON on standard input and writes JSON on standard output. A line
// on standard error goes to the log; with an exit status that is not 0, the last one is the error.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var input struct {
		Text *string `json:"text"`
	}
	if err := json.NewDecoder(os.Stdin).Decode(&input); err != nil {
		return err
	}
	if input.Text == nil {
		return errors.New("the input needs a text")
	}
	words := len(strings.Fields(*input.Text))

	var texts int
	if err := call(&texts, "kv.get", "texts"); err != nil {
		return err
	}
	texts++
	if err := call(nil, "kv.put", "texts", texts); err != nil {
		return err
	}

	fmt.Fprintln(os.Stderr, "counted", words, "words")
	return json.NewEncoder(os.Stdout).Encode(map[string]int{"words": words, "texts": texts})
}
