fn main() {
    fake_tcp::run("server", "Phantun Server", env!("CARGO_PKG_VERSION"));
}
