package nexus.aiagents.sandbox.internal.wasm;

import java.math.BigDecimal;
import java.math.BigInteger;
import nexus.aiagents.sandbox.JsonMistakes;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// Arguments and results of a function of numbers, between JSON and WebAssembly. Letters are those of
/// {@link Signature}.
final class Numbers {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String NO_NUMBERS = "[]";

    private Numbers() {}

    /// The arguments do not fit; the message is for whoever gave them.
    static final class Unfit extends Exception {
        Unfit(String message) {
            super(message);
        }
    }

    /// @param json an array, or one number for a function of one parameter; blank, `null` and `{}` are none
    static long[] arguments(String json, String parameters) throws Unfit {
        JsonNode given = read(json);
        if (given.size() != parameters.length()) {
            throw new Unfit("the function takes " + words(parameters) + ", but " + given.size()
                    + (given.size() == 1 ? " argument was" : " arguments were") + " given");
        }
        long[] arguments = new long[parameters.length()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = argument(given.path(i), parameters.charAt(i), i + 1);
        }
        return arguments;
    }

    private static JsonNode read(String json) throws Unfit {
        try {
            JsonNode given = JSON.readTree(json.isBlank() ? NO_NUMBERS : json);
            if (given.isNull() || given.isObject() && given.isEmpty()) {
                return JSON.createArrayNode();
            }
            if (given.isArray()) {
                return given;
            }
            if (given.isNumber()) {
                return JSON.createArrayNode().add(given);
            }
        } catch (JacksonException e) {
            throw new Unfit("the input is not JSON: " + JsonMistakes.plain(e));
        }
        throw new Unfit("the input has to be an array with the function's arguments, such as [1, 2.5]");
    }

    private static String words(String parameters) {
        if (parameters.isEmpty()) {
            return "no arguments";
        }
        StringBuilder words = new StringBuilder();
        for (char letter : parameters.toCharArray()) {
            words.append(words.isEmpty() ? "" : ", ").append(type(letter));
        }
        return "(" + words + ")";
    }

    static String type(char letter) {
        return switch (letter) {
            case 'i' -> "i32";
            case 'I' -> "i64";
            case 'f' -> "f32";
            case 'F' -> "f64";
            default -> "a reference";
        };
    }

    private static long argument(JsonNode given, char letter, int place) throws Unfit {
        String what = "argument " + place;
        return switch (letter) {
            case 'i' -> integer(given, what, 32);
            case 'I' -> integer(given, what, 64);
            case 'f' -> Float.floatToRawIntBits(signed(real(given, what).floatValue(), given)) & 0xffff_ffffL;
            case 'F' -> Double.doubleToRawLongBits(signed(real(given, what).doubleValue(), given));
            default -> throw new Unfit(what + " is a reference, which can not be given from outside");
        };
    }

    /// Signed and unsigned numbers alike.
    private static long integer(JsonNode given, String what, int bits) throws Unfit {
        BigInteger number;
        try {
            number = given.isNumber() ? given.decimalValue().toBigIntegerExact() : null;
        } catch (ArithmeticException | JacksonException e) {
            number = null;
        }
        if (number == null
                || number.compareTo(BigInteger.ONE.shiftLeft(bits - 1).negate()) < 0
                || number.compareTo(BigInteger.ONE.shiftLeft(bits)) >= 0) {
            throw new Unfit(what + " has to be a whole number of " + bits + " bits, not " + given);
        }
        return bits == 32 ? number.intValue() : number.longValue();
    }

    /// A decimal number knows no negative zero.
    private static float signed(float number, JsonNode given) {
        return number == 0 ? Math.copySign(number, (float) given.doubleValue()) : number;
    }

    private static double signed(double number, JsonNode given) {
        return number == 0 ? Math.copySign(number, given.doubleValue()) : number;
    }

    private static BigDecimal real(JsonNode given, String what) throws Unfit {
        if (!given.isNumber()) {
            throw new Unfit(what + " has to be a number, not " + given);
        }
        try {
            return given.decimalValue();
        } catch (JacksonException e) {
            throw new Unfit(what + " is larger than any number can be");
        }
    }

    /// @return nothing is `null`, one result a number, several an array; what JSON has no number for is a
    ///     text
    static String results(long[] results, String types) {
        ArrayNode all = JSON.createArrayNode();
        for (int i = 0; i < types.length(); i++) {
            switch (types.charAt(i)) {
                case 'i' -> all.add((int) results[i]);
                case 'I' -> all.add(results[i]);
                case 'f' -> add(all, Float.intBitsToFloat((int) results[i]));
                case 'F' -> add(all, Double.longBitsToDouble(results[i]));
                default -> all.add("a reference");
            }
        }
        return all.isEmpty() ? "null" : all.size() == 1 ? all.path(0).toString() : all.toString();
    }

    private static void add(ArrayNode all, float number) {
        if (Float.isFinite(number)) {
            all.add(number);
        } else {
            all.add(Float.toString(number));
        }
    }

    private static void add(ArrayNode all, double number) {
        if (Double.isFinite(number)) {
            all.add(number);
        } else {
            all.add(Double.toString(number));
        }
    }
}
