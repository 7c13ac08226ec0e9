//! What the two programs of the tiny workspace share: phantun's command line, and switches that show what a program was given.

use std::ffi::OsString;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::process::exit;

/// Options that take a value, as phantun's do.
const VALUES: [&str; 8] = [
    "--local", "--remote", "--tun", "--tun-local", "--tun-peer", "--tun-local6", "--tun-peer6", "--handshake-packet",
];

/// Runs a program: `bin` as its usage says, `title` as its version says.
///
/// Besides phantun's own options it knows, as the first argument:
/// `--print-args ...` writes each further argument and a NUL byte; `--print-env NAME` a variable's value;
/// `--resolve HOST:PORT` the addresses; `--exit N` leaves with a code; `--panic` panics; `--sleep` says `ready` and sleeps.
pub fn run(bin: &str, title: &str, version: &str) {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    let text: Vec<String> = args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let words: Vec<&str> = text.iter().map(String::as_str).collect();
    match words[..] {
        ["--version" | "-V", ..] => println!("{title} {version}"),
        ["--help" | "-h", ..] => println!("Usage: {bin} [OPTIONS] --local <IP:PORT> --remote <IP or HOST NAME:PORT>"),
        ["--print-args", ..] => {
            let bytes: Vec<u8> = args[1..].iter().flat_map(|arg| [arg.as_bytes(), b"\0"].concat()).collect();
            std::io::stdout().write_all(&bytes).expect("stdout is closed");
        }
        ["--print-env", name] => println!("{}", std::env::var(name).unwrap_or_default()),
        ["--resolve", name] => {
            let addresses = std::net::ToSocketAddrs::to_socket_addrs(name).expect("unable to resolve");
            addresses.for_each(|address| println!("{address}"));
        }
        ["--exit", code] => exit(code.parse().expect("not a number")),
        ["--panic"] => std::thread::spawn(|| panic!("asked to")).join().unwrap(),
        ["--sleep"] => sleep(),
        _ => tunnel(bin, &words),
    }
}

/// Takes phantun's options and, as there is no tunnel, sleeps.
fn tunnel(bin: &str, words: &[&str]) {
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let name = word.split('=').next().unwrap_or_default();
        if ["-4", "--ipv4-only"].contains(word) || (VALUES.contains(&name) && (name != *word || rest.next().is_some())) {
            continue;
        }
        usage(bin, &format!("unexpected argument '{word}' found"));
    }
    let given = |name: &str| words.iter().any(|word| word.split('=').next() == Some(name));
    if !given("--local") || !given("--remote") {
        usage(bin, "the following required arguments were not provided:\n  --local <IP:PORT>\n  --remote <IP or HOST NAME:PORT>");
    }
    sleep();
}

fn usage(bin: &str, what: &str) {
    eprintln!("error: {what}\n\nUsage: {bin} [OPTIONS] --local <IP:PORT> --remote <IP or HOST NAME:PORT>\n\nFor more information, try '--help'.");
    exit(2);
}

fn sleep() {
    println!("ready");
    loop {
        std::thread::park();
    }
}
