package nexus.aiagents.sandbox.internal.script;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.internal.metering.Execution;
import nexus.aiagents.sandbox.internal.metering.FuelInjector;
import nexus.aiagents.sandbox.internal.metering.Watchdog;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;

/// TypeScript to JavaScript by swc, which is WebAssembly like everything else that reads what came from
/// outside, and runs under the same limits. Nothing is checked for its types.
///
/// As a rule each type is replaced by blanks, so that every place stays what it was. What has no form
/// in JavaScript (enums, parameter properties) and imports that are used as types only need a rewrite;
/// that one has a source map. Thread-safe.
final class TypeScript {
    static final String CODE = "swc.jar";
    static final String MODULE = "swc.module";
    static final String MACHINE = "run.endive.$gen.CompiledMachine";

    private static final String CLASS = ".class";
    private static final String STRIP = "strip-only";
    private static final String TRANSFORM = "transform";
    /// No time limit reaches who looks for these: what repeats is bounded or never tried again.
    private static final Pattern IMPORT = Pattern.compile(
            "^[ \\t]*+import\\s++([^'\";]{1,4000}?)from\\s{0,200}+['\"]\\.[^'\"\\n]{0,1000}+['\"]", Pattern.MULTILINE);

    private static final Pattern DECORATOR = Pattern.compile("(?<![\\p{L}\\p{N}_$.'\"`*])@[\\p{L}_$]");
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_$]+");

    private static final Once<TypeScript> SHARED = new Once<>(TypeScript::load);

    private final WasmModule module;
    private final MethodHandle machine;

    /// @param map null if every place is the same
    record Transpiled(String code, @Nullable SourceMap map) {}

    private sealed interface Answer {
        record Ok(Transpiled result) implements Answer {}

        record No(String code, String message, int line, int column) implements Answer {}
    }

    private TypeScript(WasmModule module, MethodHandle machine) {
        this.module = module;
        this.machine = machine;
    }

    static boolean isTypeScript(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        return name.endsWith(".ts") || name.endsWith(".mts");
    }

    /// Loaded when the first TypeScript comes: who has none does not pay for it.
    static TypeScript shared() {
        return SHARED.get();
    }

    private static TypeScript load() {
        try (InputStream code = resource(CODE);
                InputStream head = resource(MODULE)) {
            Class<?> type = new Classes(classes(code.readAllBytes())).loadClass(MACHINE);
            MethodHandle constructor = MethodHandles.publicLookup()
                    .findConstructor(type, MethodType.methodType(void.class, Instance.class));
            return new TypeScript(
                    Parser.parse(head.readAllBytes()),
                    constructor.asType(MethodType.methodType(Machine.class, Instance.class)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the compiled swc does not look as expected", e);
        }
    }

    private static InputStream resource(String name) {
        InputStream in = TypeScript.class.getResourceAsStream(name);
        if (in == null) {
            throw new IllegalStateException(name + " is missing from the sandbox");
        }
        return in;
    }

    static Map<String, byte[]> classes(byte[] jar) throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar))) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                if (entry.getName().endsWith(CLASS)) {
                    String name = entry.getName().substring(0, entry.getName().length() - CLASS.length());
                    classes.put(name, in.readAllBytes());
                }
            }
        }
        return classes;
    }

    private static final class Classes extends ClassLoader {
        private final Map<String, byte[]> classes;

        Classes(Map<String, byte[]> classes) {
            super(TypeScript.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name.replace('.', '/'));
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] metered = name.endsWith(FuelInjector.TARGET_SUFFIX) ? FuelInjector.inject(bytes) : bytes;
            return defineClass(name, metered, 0, metered.length);
        }
    }

    /// @throws ProgramRejected for what is no TypeScript, at its place
    Transpiled transpile(Watchdog watchdog, String file, String source) throws ProgramRejected {
        Answer stripped = ask(watchdog, file, source, STRIP);
        if (stripped instanceof Answer.Ok(Transpiled blank)
                && !IMPORT.matcher(source).find()) {
            return blank;
        }
        if (stripped instanceof Answer.No no && !no.code().equals("UnsupportedSyntax")) {
            throw rejected(file, no);
        }
        return switch (ask(watchdog, file, source, TRANSFORM)) {
            case Answer.No no -> throw rejected(file, no);
            case Answer.Ok(Transpiled written) ->
                stripped instanceof Answer.Ok(Transpiled blank)
                                && imported(blank.code()).equals(imported(written.code()))
                        ? blank
                        : written;
        };
    }

    private static ProgramRejected rejected(String file, Answer.No no) {
        return new ProgramRejected("syntax-error", "syntax error: " + no.message(), file, no.line(), no.column());
    }

    /// What was found in the code that was made, at the place where that came from.
    static ProgramRejected atItsPlace(ProgramRejected e, Transpiled transpiled) {
        String line = transpiled.code().lines().skip(e.line() - 1L).findFirst().orElse("");
        Matcher decorator = DECORATOR.matcher(line);
        if (decorator.find()) {
            String message = "syntax error: decorators are not supported; call the function instead";
            return atItsPlace(
                    new ProgramRejected(e.code(), message, e.file(), e.line(), decorator.start() + 1),
                    transpiled.map());
        }
        return atItsPlace(e, transpiled.map());
    }

    private static ProgramRejected atItsPlace(ProgramRejected e, @Nullable SourceMap map) {
        if (map == null) {
            return e;
        }
        SourceMap.Place place = map.original(e.line(), e.column());
        return new ProgramRejected(
                e.code(), String.valueOf(e.getMessage()), e.file(), place.line(), e.column() == 0 ? 0 : place.column());
    }

    /// The words of its imports: what is imported from where.
    private static Set<String> imported(String code) {
        Set<String> words = new HashSet<>();
        Matcher imports = IMPORT.matcher(code);
        while (imports.find()) {
            Matcher word = WORD.matcher(imports.group(1));
            while (word.find()) {
                words.add(word.group());
            }
        }
        return words;
    }

    private Answer ask(Watchdog watchdog, String file, String source, String mode) throws ProgramRejected {
        return ModuleCompiler.compute(watchdog, file, execution -> ask(execution, source, mode));
    }

    private Answer ask(Execution execution, String source, String mode) {
        SwcHeap heap = new SwcHeap();
        Instance instance = Instance.builder(module)
                .withMachineFactory(this::machine)
                .withMemoryFactory(execution::newMemory)
                .withTableFactory(execution::newTable)
                .withImportValues(heap.imports(module))
                .build();
        Map<String, Object> options = Map.of("mode", mode, "sourceMap", mode.equals(TRANSFORM), "module", true);
        int answer = (int) instance.export("__wbindgen_add_to_stack_pointer").apply(-16)[0];
        instance.export("transformSync").apply(answer, heap.add(source), heap.add(options));
        boolean failed = instance.memory().readInt(answer + 8) != 0;
        Object value = heap.take(instance.memory().readInt(answer + (failed ? 4 : 0)));
        if (!(value instanceof Map<?, ?> fields)) {
            return new Answer.No("Error", String.valueOf(value), 0, 0);
        }
        if (failed) {
            return new Answer.No(
                    text(fields, "code"),
                    text(fields, "message"),
                    number(fields, "startLine"),
                    number(fields, "startColumn") + 1);
        }
        SourceMap map = fields.get("map") instanceof String json ? SourceMap.parse(json) : null;
        return new Answer.Ok(new Transpiled(text(fields, "code"), map));
    }

    private Machine machine(Instance instance) {
        try {
            return (Machine) machine.invokeExact(instance);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the constructor declares no checked exception", e);
        }
    }

    private static String text(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof String text ? text : "";
    }

    private static int number(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof Double number ? number.intValue() : 0;
    }
}
