package nexus.aiagents.sandbox.internal.wasm;

import java.util.ArrayList;
import java.util.List;

/// How high the operand stack of a function is, instruction by instruction, and how much the JVM's verifier
/// will have to be told: the types of all locals and operands at each label.
final class OperandStack {

    /// A block under way: what is below it on the stack, what it takes and what it leaves.
    private static final class Frame {
        final int base;
        final int parameters;
        final int results;
        boolean unreachable;

        /// The number of the innermost block that takes operands, this one or outside of it; -1: none.
        final int taking;

        Frame(int base, int parameters, int results, int taking) {
            this.taking = taking;
            this.base = base;
            this.parameters = parameters;
            this.results = results;
        }
    }

    private final List<Frame> frames = new ArrayList<>();
    private final int locals;
    private int height;
    private long frameEntries;

    OperandStack(int locals, int results) {
        this.locals = locals;
        frames.add(new Frame(0, 0, results, -1));
    }

    /// Whether the function's own block has not ended yet.
    boolean isOpen() {
        return !frames.isEmpty();
    }

    int depth() {
        return frames.size();
    }

    /// Whether a block under way takes operands, or one inside of it.
    ///
    /// @param depth how many blocks it is outside of the innermost
    boolean takesOperands(int depth) {
        return frames.getLast().taking >= frames.size() - 1 - depth;
    }

    int height() {
        return height;
    }

    long frameEntries() {
        return frameEntries;
    }

    void push(int count) {
        height += count;
    }

    /// @return false if the block has not that much; code that is never reached has everything
    boolean pop(int count) {
        Frame frame = frames.getLast();
        height -= count;
        if (height < frame.base) {
            height = frame.base;
            return frame.unreachable;
        }
        return true;
    }

    /// A block begins, whose parameters have been popped.
    void open(int parameters, int results) {
        int taking = parameters > 0 ? frames.size() : frames.getLast().taking;
        frames.add(new Frame(height, parameters, results, taking));
        push(parameters);
        label();
    }

    void otherwise() {
        Frame frame = frames.getLast();
        frame.unreachable = false;
        height = frame.base + frame.parameters;
        label();
    }

    void close() {
        Frame frame = frames.removeLast();
        height = frame.base + frame.results;
        label();
    }

    /// What follows in this block is never reached.
    void leave() {
        Frame frame = frames.getLast();
        frame.unreachable = true;
        height = frame.base;
    }

    void label() {
        frameEntries += locals + height + 1L;
    }
}
