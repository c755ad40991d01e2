package nexus.aiagents.sandbox.internal.wasm;

import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.internal.jit.MethodSplitter;
import nexus.aiagents.sandbox.internal.metering.CompilerChanged;
import nexus.aiagents.sandbox.internal.metering.NumberInjector;
import nexus.aiagents.sandbox.internal.metering.StackInjector;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.CodeSizeEvaluator;
import org.objectweb.asm.commons.InstructionAdapter;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.internal.Compiler;
import run.endive.compiler.internal.Shaded;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.FunctionType;

/// Functions of a module that are larger than a method of the JVM may be, such as the loop of the
/// interpreter that a program of .NET carries. The compiler gives up on them once it has made their
/// code, so its code is taken before it is put into a class file; the module is compiled without them,
/// and what they do is put back in pieces. That leans on a method internal to the compiler: if it is
/// not there, that is an error.
final class LargeFunctions {
    /// Bytes of WebAssembly from which on one is looked at. To make less too large takes intent, such
    /// as jumps that drop hundreds of operands: then the compiler rejects it.
    private static final int LOOKED_AT = 5_000;

    /// Bytes that a method may have, with some left for what is put in.
    private static final int MOST = 60_000;

    /// Instructions of the JVM that all of them together may have. The loop of .NET's interpreter has
    /// 40,000.
    private static final int MOST_INSTRUCTIONS = 400_000;

    private static final String FUNCTION = "func_";
    private static final String NOT_KNOWN_YET = "()V";
    private static final String OWN = Compiler.DEFAULT_CLASS_NAME.replace('.', '/');
    private static final String HELPERS = Shaded.class.getName().replace('.', '/');

    private final Map<String, MethodNode> methods = new HashMap<>();
    private final byte[] module;
    private final int all;
    private final @Nullable Emission emission;

    private LargeFunctions(byte[] module, int all, @Nullable Emission emission) {
        this.module = module;
        this.all = all;
        this.emission = emission;
    }

    /// @param scanned as {@link ModuleScan} lets it through
    static LargeFunctions of(byte[] scanned) throws ProgramRejected {
        return of(scanned, LOOKED_AT, MOST);
    }

    /// @param lookedAt bytes of WebAssembly from which on a function is looked at
    /// @param most bytes of its bytecode up to which it is left to the compiler
    static LargeFunctions of(byte[] scanned, int lookedAt, int most) throws ProgramRejected {
        byte[] module = CodeSection.withoutDoubleEnds(scanned);
        int[] sizes = CodeSection.sizes(module);
        int[] candidates = IntStream.range(0, sizes.length)
                .filter(number -> sizes[number] >= lookedAt)
                .toArray();
        if (candidates.length == 0) {
            return new LargeFunctions(module, sizes.length, null);
        }
        Emission emission = new Emission(Parser.parse(module));
        LargeFunctions found = new LargeFunctions(module, sizes.length, emission);
        int instructions = 0;
        for (int number : candidates) {
            MethodNode code = emission.of(number);
            CodeSizeEvaluator size = new CodeSizeEvaluator(null);
            code.accept(size);
            if (size.getMaxSize() + NumberInjector.bytes(code) > most) {
                instructions += code.instructions.size();
                if (instructions > MOST_INSTRUCTIONS) {
                    throw ModuleCompiler.tooLarge();
                }
                found.methods.put(code.name, code);
            }
        }
        return found;
    }

    /// How many functions the module has, large or not.
    int countOfAll() {
        return all;
    }

    /// The module without what they do.
    WasmModule rest() throws ProgramRejected {
        if (emission == null) {
            return Parser.parse(module);
        }
        return methods.isEmpty()
                ? emission.module
                : Parser.parse(CodeSection.without(module, number -> methods.containsKey(emission.name(number))));
    }

    /// @param classes what the compiler made of the module without them, by internal name
    /// @return their code, which calls functions where these are, by the name of the method
    Map<String, MethodNode> linked(Map<String, byte[]> classes) {
        if (methods.isEmpty()) {
            return methods;
        }
        Map<String, String> owners = new HashMap<>();
        classes.forEach((owner, bytes) -> {
            for (MethodModel method : ClassFile.of().parse(bytes).methods()) {
                String name = method.methodName().stringValue();
                if (name.startsWith(FUNCTION) || name.startsWith("call_indirect_")) {
                    owners.put(name, owner);
                }
                MethodNode code = methods.get(name);
                if (code != null) {
                    code.desc = method.methodType().stringValue();
                }
            }
        });
        for (MethodNode code : methods.values()) {
            link(code, owners);
            MethodSplitter.measure(code);
            StackInjector.inject(code);
        }
        return methods;
    }

    private static void link(MethodNode code, Map<String, String> owners) {
        for (AbstractInsnNode node : code.instructions) {
            if (node instanceof MethodInsnNode call) {
                if (call.owner.equals(HELPERS)) {
                    call.owner = OWN + "Shaded";
                } else if (call.owner.startsWith(OWN)) {
                    call.owner = owners.getOrDefault(call.name, call.owner);
                }
            }
        }
    }

    /// What makes the code of one function: internal to the compiler.
    ///
    /// @throws CompilerChanged if there is no such method that may be called
    static Method inside(Class<?> compiler) {
        try {
            Method method = compiler.getDeclaredMethod(
                    "compileFunction",
                    String.class,
                    int.class,
                    FunctionType.class,
                    FunctionBody.class,
                    InstructionAdapter.class);
            method.setAccessible(true);
            return method;
        } catch (NoSuchMethodException | InaccessibleObjectException e) {
            throw new CompilerChanged("nobody may have it make the code of one function: " + e.getMessage());
        }
    }

    /// What the compiler makes of one function.
    private static final class Emission {
        final WasmModule module;
        private final int imports;
        private final Compiler compiler;
        private final Method compileFunction;

        Emission(WasmModule module) {
            this.module = module;
            imports = module.importSection().count(ExternalType.FUNCTION);
            compiler = Compiler.builder(module)
                    .withInterpreterFallback(InterpreterFallback.FAIL)
                    .build();
            compileFunction = inside(Compiler.class);
        }

        String name(int number) {
            return FUNCTION + (imports + number);
        }

        MethodNode of(int number) {
            FunctionType type =
                    module.typeSection().getType(module.functionSection().getFunctionType(number));
            MethodNode code = new MethodNode(
                    Opcodes.ASM9, Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, name(number), NOT_KNOWN_YET, null, null);
            FunctionBody body = module.codeSection().getFunctionBody(number);
            try {
                compileFunction.invoke(compiler, OWN, imports + number, type, body, new InstructionAdapter(code));
            } catch (InvocationTargetException e) {
                switch (e.getCause()) {
                    case RuntimeException thrown -> throw thrown;
                    case Error thrown -> throw thrown;
                    case null, default -> throw new IllegalStateException(e);
                }
            } catch (IllegalAccessException e) {
                throw new CompilerChanged(String.valueOf(e.getMessage()));
            }
            return code;
        }
    }
}
