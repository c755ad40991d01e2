package nexus.aiagents.sandbox.internal.wasm;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;

/// Code that was not made by our compiler, however it got a seal.
class CodeCheckTest {
    private static final String OWN = "run.endive.$gen.CompiledMachine";
    private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(ConstantDescs.CD_void);

    static byte[] jar(String className, Consumer<CodeBuilder> body) throws Exception {
        byte[] bytes = ClassFile.of()
                .build(
                        ClassDesc.of(className),
                        builder -> builder.withMethodBody("run", NOTHING, ClassFile.ACC_STATIC, body::accept));
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        try (JarOutputStream out = new JarOutputStream(jar)) {
            out.putNextEntry(new JarEntry(className.replace('.', '/') + ".class"));
            out.write(bytes);
        }
        return jar.toByteArray();
    }

    static void assertRefused(byte[] jar) {
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> CodeCheck.check(jar));
        assertTrue(refused.getMessage().startsWith("compiled code names "), refused.getMessage());
    }

    static Consumer<CodeBuilder> calling(String owner, String method) {
        return code -> code.invokestatic(ClassDesc.of(owner), method, NOTHING).return_();
    }

    @Test
    void code_that_could_do_more_than_compute_is_refused() throws Exception {
        assertRefused(jar(OWN, calling("java.lang.System", "exit")));
        assertRefused(jar(OWN, calling("java.lang.Runtime", "getRuntime")));
        assertRefused(jar(OWN, calling("java.lang.Class", "forName")));
        assertRefused(jar(OWN, calling("java.nio.file.Files", "delete")));
        assertRefused(jar(OWN, calling("nexus.aiagents.sandbox.Sandbox", "open")));
        assertRefused(jar(OWN, calling("nexus.aiagents.sandbox.internal.metering.MeteredThread", "other")));
        assertRefused(jar(OWN, calling("run.endive.compiler.MachineFactoryCompiler", "compile")));
        assertRefused(jar("nexus.aiagents.sandbox.Sandbox", calling("java.lang.Math", "random")));
        assertRefused(jar(
                OWN,
                code -> code.loadConstant(ClassDesc.of("java.lang.Runtime"))
                        .pop()
                        .return_()));
        assertRefused(jar(
                OWN,
                code -> code.iconst_1()
                        .anewarray(ClassDesc.of("java.io.File"))
                        .pop()
                        .return_()));
    }

    @Test
    void code_that_our_compiler_makes_is_let_through() throws Exception {
        for (int i = 0; i < 20; i++) {
            byte[] module = RandomModule.of(new SplittableRandom(i));
            CodeCheck.check(ModuleCompiler.here(ModuleScan.scan(module).bytes()));
        }
    }
}
