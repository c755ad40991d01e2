package nexus.aiagents.sandbox.internal.metering;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.util.function.Consumer;

/// Puts instructions before all others of a method.
record Prologue(Consumer<CodeBuilder> instructions) implements CodeTransform {
    @Override
    public void atStart(CodeBuilder builder) {
        instructions.accept(builder);
    }

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
        builder.with(element);
    }
}
