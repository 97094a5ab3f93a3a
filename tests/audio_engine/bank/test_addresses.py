from ipaddress import ip_address

import pytest

from audio_engine.bank.addresses import is_public, resolve


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_an_address_of_the_open_net_is_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",  # shared by carriers
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",  # where clouds keep their keys
        "172.16.0.1",
        "192.168.1.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",  # translated
        "2002:7f00:1::",  # 6to4
        "2001:0:53aa:64c:0:0:80ff:fffe",  # Teredo
        "2001:db8::1",
        "fc00::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_any_other_address_is_not(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1"])
def test_every_spelling_of_an_address_is_seen_through(host):
    assert set(resolve(host, 80)) == {ip_address("127.0.0.1")}
