fn main() {
    fake_tcp::run("client", "Phantun Client", env!("CARGO_PKG_VERSION"));
}
