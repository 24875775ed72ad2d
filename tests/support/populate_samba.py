"""Fills a provisioned Samba domain: populate_samba.py smb.conf population

Each line of the population is one of, fields separated by tabs:
  unit        DN
  user        unit  account  given name  surname  mail  password  [must-change|disabled|expired]...
  group       unit  name  [member account or group]...
  members     group  member...
  policy      attribute of the domain  value
"""
import sys

import ldb
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB

parameters = LoadParm()
parameters.load(sys.argv[1])
domain = SamDB(session_info=system_session(), lp=parameters)


def unit(dn):
    domain.add({"dn": dn, "objectClass": "organizationalUnit"})


def user(place, account, given, family, mail, password, *states):
    domain.newuser(account, password, userou=place, givenname=given, surname=family,
                   mailaddress=mail, force_password_change_at_next_login_req="must-change" in states)
    who = f"(sAMAccountName={account})"
    if "disabled" in states:
        domain.disable_account(who)
    if "expired" in states:
        domain.setexpiry(who, -3600 * 24)


def group(place, name, *members):
    domain.newgroup(name, groupou=place)
    if members:
        domain.add_remove_group_members(name, list(members))


def members(name, *added):
    domain.add_remove_group_members(name, list(added))


def policy(attribute, value):
    message = ldb.Message(ldb.Dn(domain, domain.domain_dn()))
    message[attribute] = ldb.MessageElement(value, ldb.FLAG_MOD_REPLACE, attribute)
    domain.modify(message)


kinds = {"unit": unit, "user": user, "group": group, "members": members, "policy": policy}
with open(sys.argv[2], encoding="utf-8") as lines:
    domain.transaction_start()
    for line in lines:
        kind, *fields = line.rstrip("\n").split("\t")
        kinds[kind](*fields)
    domain.transaction_commit()
