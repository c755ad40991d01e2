package nexus.aiagents.sandbox.internal.jit;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/// Static arrays of a class that is being written, filled when it is loaded.
final class JumpTables {
    static final String TYPE = "[I";

    /// Entries that one method fills: each takes at most 9 bytes.
    private static final int MOST_IN_A_METHOD = 3_500;

    private final String owner;
    private final List<int[]> tables = new ArrayList<>();

    JumpTables(String owner) {
        this.owner = owner;
    }

    /// @return the field that holds it
    String add(int[] table) {
        tables.add(table);
        return name(tables.size() - 1);
    }

    private static String name(int table) {
        return "table" + table;
    }

    void write(ClassWriter out) {
        if (tables.isEmpty()) {
            return;
        }
        MethodVisitor start = out.visitMethod(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
        start.visitCode();
        int fillers = 0;
        for (int number = 0; number < tables.size(); number++) {
            int[] table = tables.get(number);
            out.visitField(Opcodes.ACC_STATIC, name(number), TYPE, null, null).visitEnd();
            start.visitLdcInsn(table.length);
            start.visitIntInsn(Opcodes.NEWARRAY, Opcodes.T_INT);
            start.visitFieldInsn(Opcodes.PUTSTATIC, owner, name(number), TYPE);
            for (int from = 0; from < table.length; from += MOST_IN_A_METHOD) {
                String filler = "fill" + fillers++;
                writeFiller(out, filler, number, from);
                start.visitMethodInsn(Opcodes.INVOKESTATIC, owner, filler, "()V", false);
            }
        }
        finish(start);
    }

    private void writeFiller(ClassWriter out, String filler, int number, int from) {
        MethodVisitor code = out.visitMethod(Opcodes.ACC_STATIC, filler, "()V", null, null);
        code.visitCode();
        int[] table = tables.get(number);
        code.visitFieldInsn(Opcodes.GETSTATIC, owner, name(number), TYPE);
        for (int i = from; i < Math.min(table.length, from + MOST_IN_A_METHOD); i++) {
            code.visitInsn(Opcodes.DUP);
            code.visitLdcInsn(i);
            code.visitLdcInsn(table[i]);
            code.visitInsn(Opcodes.IASTORE);
        }
        code.visitInsn(Opcodes.POP);
        finish(code);
    }

    private static void finish(MethodVisitor code) {
        code.visitInsn(Opcodes.RETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
    }
}
