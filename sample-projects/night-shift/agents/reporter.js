export default () => ({ report: "The night was quiet." });
