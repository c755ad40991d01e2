package nexus.aiagents.sandbox.internal.jit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/// The basic blocks of one method, who jumps to whom, and which locals are still wanted where.
final class FlowGraph {
    /// What one local of one kind (int, long, float, double) is called: the same slot may hold several
    /// kinds.
    static int localOf(VarInsnNode node) {
        return node.var * 4 + kindOf(node.getOpcode());
    }

    private static int kindOf(int opcode) {
        return switch (opcode) {
            case Opcodes.ILOAD, Opcodes.ISTORE -> 0;
            case Opcodes.LLOAD, Opcodes.LSTORE -> 1;
            case Opcodes.FLOAD, Opcodes.FSTORE -> 2;
            case Opcodes.DLOAD, Opcodes.DSTORE -> 3;
            default -> -1;
        };
    }

    /// Whether it moves a number from or to a local; references are parameters that nobody writes.
    static boolean movesLocal(AbstractInsnNode node) {
        return node instanceof VarInsnNode && kindOf(node.getOpcode()) >= 0;
    }

    static boolean isStore(AbstractInsnNode node) {
        return node.getOpcode() >= Opcodes.ISTORE && node.getOpcode() <= Opcodes.DSTORE;
    }

    /// @param from first instruction
    /// @param to behind the last one
    record Block(int from, int to, int bytes, List<Integer> successors, List<BasicValue> stack) {}

    /// What may lie on the stack where code without a jump is cut.
    private static final int MOST_STACK = 8;

    /// Words of 64 locals that finding out which are wanted may look at: about a second.
    private static final long MOST_WORDS = 300_000_000;

    /// Blocks times words of locals that may be remembered.
    private static final long MOST_REMEMBERED = 8_000_000;

    /// What the look-up takes.
    private static final int WIDE_BYTES = 48;

    /// Without what is never reached: nobody would know what lies on the stack there.
    final AbstractInsnNode[] code;
    final List<Block> blocks = new ArrayList<>();
    final List<List<Integer>> predecessors = new ArrayList<>();

    /// Locals wanted at the beginning of each block.
    final List<BitSet> wanted = new ArrayList<>();

    private final Map<AbstractInsnNode, Integer> blockAt = new HashMap<>();
    private final int kinds;
    private final Sizes sizes;

    FlowGraph(String owner, MethodNode method, Sizes sizes) throws AnalyzerException {
        this.sizes = sizes;
        AbstractInsnNode[] all = method.instructions.toArray();
        Frame<BasicValue>[] before = frames(owner, method);
        int[] reached =
                IntStream.range(0, all.length).filter(i -> before[i] != null).toArray();
        code = Arrays.stream(reached).mapToObj(i -> all[i]).toArray(AbstractInsnNode[]::new);
        List<Frame<BasicValue>> frames =
                Arrays.stream(reached).mapToObj(i -> before[i]).toList();
        kinds = method.maxLocals * 4;
        boolean[] leads = leaders();
        cutLongBlocks(leads, frames);
        int from = 0;
        for (int i = 1; i <= code.length; i++) {
            if (i == code.length || leads[i]) {
                addBlock(from, i, frames.get(from));
                from = i;
            }
        }
        if (blocks.size() * (1L + kinds / Long.SIZE) > MOST_REMEMBERED) {
            throw new IllegalStateException("too many locals for so many jumps");
        }
        for (int i = 0; i < blocks.size(); i++) {
            predecessors.add(new ArrayList<>());
            link(i);
        }
        for (int i = 0; i < blocks.size(); i++) {
            for (int next : blocks.get(i).successors()) {
                predecessors.get(next).add(i);
            }
        }
        findWanted();
    }

    /// What lies in the locals and on the stack before each instruction. Sets how many of them there are.
    ///
    /// @throws IllegalStateException if that takes too much memory to find out
    static Frame<BasicValue>[] frames(String owner, MethodNode method) throws AnalyzerException {
        return new BoundedAnalyzer().analyzeAndComputeMaxs(owner, method);
    }

    private static final class BoundedAnalyzer extends Analyzer<BasicValue> {
        private static final long MOST_SLOTS = 24_000_000;

        private long slots;

        BoundedAnalyzer() {
            super(new BasicInterpreter());
        }

        @Override
        protected Frame<BasicValue> newFrame(Frame<? extends BasicValue> frame) {
            slots += frame.getLocals() + frame.getStackSize();
            if (slots > MOST_SLOTS) {
                throw new IllegalStateException("too many locals and operands for so much code");
            }
            return super.newFrame(frame);
        }
    }

    boolean isWide(AbstractInsnNode node) {
        return node instanceof TableSwitchInsnNode table && table.min == 0 && table.labels.size() > sizes.wide();
    }

    /// Where the switch leads that this block ends in, if it is a wide one.
    List<Integer> wideTargets(int block) {
        AbstractInsnNode last = code[blocks.get(block).to() - 1];
        return isWide(last) ? blocks.get(block).successors() : List.of();
    }

    int block(LabelNode label) {
        Integer block = blockAt.get(label);
        if (block == null) {
            throw new IllegalStateException("a jump into the middle of a block");
        }
        return block;
    }

    /// @return null if it never falls out of its end
    @Nullable
    Integer fallsTo(int block) {
        return endsHere(code[blocks.get(block).to() - 1]) ? null : Integer.valueOf(block + 1);
    }

    private boolean[] leaders() {
        Map<AbstractInsnNode, Integer> index = new HashMap<>();
        for (int i = 0; i < code.length; i++) {
            index.put(code[i], i);
        }
        boolean[] leads = new boolean[code.length + 1];
        for (int i = 0; i < code.length; i++) {
            List<LabelNode> targets = targets(code[i]);
            for (LabelNode target : targets) {
                leads[index.getOrDefault(target, 0)] = true;
            }
            if (!targets.isEmpty() || endsHere(code[i])) {
                leads[i + 1] = true;
            }
        }
        return leads;
    }

    /// Code without a jump can be larger than a region may be: what is computed in one go, such as a hash.
    private void cutLongBlocks(boolean[] leads, List<Frame<BasicValue>> frames) {
        int bytes = 0;
        for (int i = 1; i < code.length; i++) {
            bytes = leads[i] ? 0 : bytes + bytesOf(code[i - 1]);
            if (bytes > sizes.block() && code[i].getOpcode() >= 0 && holdsNumbers(frames.get(i))) {
                leads[i] = true;
                bytes = 0;
            }
        }
    }

    /// References are never kept over the end of a block.
    private static boolean holdsNumbers(Frame<BasicValue> frame) {
        for (int i = 0; i < frame.getStackSize(); i++) {
            if (frame.getStack(i).isReference()) {
                return false;
            }
        }
        return frame.getStackSize() <= MOST_STACK;
    }

    private void addBlock(int from, int to, Frame<BasicValue> frame) {
        int bytes = 0;
        for (int i = from; i < to; i++) {
            bytes += bytesOf(code[i]);
        }
        List<BasicValue> stack = new ArrayList<>();
        for (int i = 0; i < frame.getStackSize(); i++) {
            stack.add(frame.getStack(i));
        }
        blockAt.put(code[from], blocks.size());
        blocks.add(new Block(from, to, bytes, new ArrayList<>(), stack));
    }

    /// At most, once its locals lie in the frame object.
    private int bytesOf(AbstractInsnNode node) {
        if (node.getOpcode() < 0) {
            return 0;
        }
        if (isWide(node)) {
            return WIDE_BYTES;
        }
        if (node instanceof TableSwitchInsnNode table) {
            return 16 + table.labels.size() * 10;
        }
        if (node instanceof LookupSwitchInsnNode lookup) {
            return 12 + lookup.labels.size() * 14;
        }
        if (node instanceof IincInsnNode) {
            throw new IllegalStateException("locals are expected to be loaded and stored, nothing else");
        }
        if (movesLocal(node)) {
            return isStore(node) ? 6 : 4;
        }
        return node instanceof JumpInsnNode ? 4 : 3;
    }

    private void link(int block) {
        List<Integer> successors = blocks.get(block).successors();
        for (LabelNode target : targets(code[blocks.get(block).to() - 1])) {
            int next = block(target);
            if (!successors.contains(next)) {
                successors.add(next);
            }
        }
        Integer next = fallsTo(block);
        if (next != null && next < blocks.size() && !successors.contains(next)) {
            successors.add(next);
        }
    }

    static List<LabelNode> targets(AbstractInsnNode node) {
        return switch (node) {
            case JumpInsnNode jump -> List.of(jump.label);
            case TableSwitchInsnNode table -> {
                List<LabelNode> all = new ArrayList<>(table.labels);
                all.add(table.dflt);
                yield all;
            }
            case LookupSwitchInsnNode lookup -> {
                List<LabelNode> all = new ArrayList<>(lookup.labels);
                all.add(lookup.dflt);
                yield all;
            }
            default -> List.of();
        };
    }

    private static boolean endsHere(AbstractInsnNode node) {
        int opcode = node.getOpcode();
        return opcode == Opcodes.GOTO
                || opcode == Opcodes.TABLESWITCH
                || opcode == Opcodes.LOOKUPSWITCH
                || opcode == Opcodes.ATHROW
                || opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN;
    }

    private void findWanted() {
        long left = MOST_WORDS;
        List<BitSet> uses = new ArrayList<>();
        List<BitSet> kills = new ArrayList<>();
        for (Block block : blocks) {
            BitSet used = new BitSet();
            BitSet killed = new BitSet();
            for (int i = block.from(); i < block.to(); i++) {
                if (movesLocal(code[i])) {
                    int local = localOf((VarInsnNode) code[i]);
                    if (isStore(code[i])) {
                        killed.set(local);
                    } else if (!killed.get(local)) {
                        used.set(local);
                    }
                }
            }
            uses.add(used);
            kills.add(killed);
            wanted.add((BitSet) used.clone());
        }
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int i = blocks.size() - 1; i >= 0; i--) {
                BitSet now = new BitSet();
                left -= (1L + blocks.get(i).successors().size()) * (1 + kinds / Long.SIZE);
                if (left < 0) {
                    throw new IllegalStateException("too many locals and jumps to find out what is wanted where");
                }
                blocks.get(i).successors().forEach(next -> now.or(wanted.get(next)));
                now.andNot(kills.get(i));
                now.or(uses.get(i));
                if (!now.equals(wanted.get(i))) {
                    wanted.set(i, now);
                    changed = true;
                }
            }
        }
    }
}
