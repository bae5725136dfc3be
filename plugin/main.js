// What the package's folder is as a program. `pulumi package add` of a git URL runs that as a plugin; to all others it is the package.
const isPlugin = /[\\/]cmd[\\/]run-plugin([\\/]index(\.js)?)?$/.test(process.argv[1] ?? "");
module.exports = isPlugin ? require("./pulumi-resource-scalekit") : require("../dist/index.js");
