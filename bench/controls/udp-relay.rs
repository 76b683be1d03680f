//! A control of udp-fan-out: a relay of the usual design, a set of listeners behind a lock and one `send_to` for each.
//! Usage: udp-relay BASE LISTENERS; prints its port.
use std::collections::HashSet;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex};

fn main() -> std::io::Result<()> {
    let numbers: Vec<u16> = std::env::args().skip(1).map(|text| text.parse().expect("a number")).collect();
    let (base, count) = (numbers[0], numbers[1]);
    let listeners: Arc<Mutex<HashSet<SocketAddr>>> = Arc::default();
    for port in base..base + count {
        listeners.lock().expect("lock").insert((Ipv4Addr::LOCALHOST, port).into());
    }
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("{}", socket.local_addr()?.port());
    let mut packet = [0; 2048];
    loop {
        let (length, _) = socket.recv_from(&mut packet)?;
        for listener in listeners.lock().expect("lock").iter() {
            socket.send_to(&packet[..length], listener)?;
        }
    }
}
