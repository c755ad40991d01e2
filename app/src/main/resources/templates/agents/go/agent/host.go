package main

import (
	"encoding/json"
	"fmt"
	"unsafe"
)

// Answers how many bytes the answer has.
//
//go:wasmimport nexus call
//go:noescape
func nexusCall(name unsafe.Pointer, nameLength int32, arguments unsafe.Pointer, argumentsLength int32) int32

// Copies the latest answer.
//
//go:wasmimport nexus answer
//go:noescape
func nexusAnswer(to unsafe.Pointer)

// Models, keys, files, HTTP and other agents, by name. The answer goes into result, unless that is nil.
func call(result any, name string, arguments ...any) error {
	list, err := json.Marshal(arguments)
	if err != nil {
		return err
	}
	length := nexusCall(unsafe.Pointer(unsafe.StringData(name)), int32(len(name)),
		unsafe.Pointer(unsafe.SliceData(list)), int32(len(list)))
	bytes := make([]byte, length)
	nexusAnswer(unsafe.Pointer(unsafe.SliceData(bytes)))
	var answer struct {
		Ok    json.RawMessage
		Error *struct{ Code, Message string }
	}
	if err := json.Unmarshal(bytes, &answer); err != nil {
		return err
	}
	if answer.Error != nil {
		return fmt.Errorf("%s: %s (%s)", name, answer.Error.Message, answer.Error.Code)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(answer.Ok, result)
}
